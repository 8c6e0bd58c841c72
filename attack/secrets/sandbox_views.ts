import { FeishuControl } from "../../chaos/feishu_control.ts";
import { environmentOf } from "../../harness/children.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { askRefresh } from "../ask_tool.ts";
import { AttackedServer } from "../attacked_server.ts";
import { Canaries } from "../canaries.ts";
import type { AttackContext } from "../part.ts";

/** What the simulated Feishu shows of the tokens that went through it. Returns how many views were looked at. */
export async function sandboxViews(context: AttackContext): Promise<number> {
  const { chance, folder, denoDir, findings } = context;
  const issued = new Canaries(chance.of("issued"));
  issued.plant("sandbox's app secret", DEFAULT_SANDBOX_APP.appSecret);
  await using server = await AttackedServer.start({
    args: ["--sandbox", "--sandbox-port", "0", "--kv", `${folder}/sandbox.kv`, "--log-level", "debug"],
    env: await environmentOf(`${folder}/home`, denoDir),
  });
  const sandbox = /^sandbox (http:\S+)/m.exec(server.program.stderr)?.[1] ?? "";
  const login = await new FeishuControl(sandbox).logIn("v2");
  issued.plant("refresh token", login);
  const reply = await askRefresh(server.origin, login);
  if (reply.kind === "given") {
    issued.plant("access token", reply.content.access_token ?? "none was given");
    issued.plant("next refresh token", reply.content.refresh_token ?? "none was given");
  }
  const views = ["calls", "state", "faults", "clock"];
  for (const view of views) {
    const text = await (await fetch(`${sandbox}/_sandbox/${view}`)).text();
    for (const { name } of issued.in(text)) findings.add("secret", `/_sandbox/${view}`, name);
  }
  const log = server.program.stderr.replaceAll(/^sandbox http.*$/gm, "");
  for (const { name } of issued.in(log)) findings.add("secret", "log of a server with a sandbox", name);
  return views.length;
}
