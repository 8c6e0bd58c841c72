import { FeishuControl } from "../../chaos/feishu_control.ts";
import { REFRESH_PATH } from "../../chaos/feishu_paths.ts";
import { pause } from "../../harness/pause.ts";
import { askApp, askRefresh } from "../ask_tool.ts";
import { AttackedServer } from "../attacked_server.ts";
import type { AttackContext } from "../part.ts";
import { RawConnection } from "../raw_connection.ts";
import { refreshesAtFeishu } from "../refreshes_at_feishu.ts";
import { wordOf } from "../tool_reply.ts";

const NAME = "no file descriptors left";
const DESCRIPTORS = 300;
const CONNECTIONS = 400;
const SETTLE_MS = 1_500;
const RECOVERS_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 250;

/** What the attacks on connections share. */
export interface ConnectionsBench extends AttackContext {
  /** The simulated Feishu. */
  readonly sandboxUrl: string;
  /** The environment of every server. */
  readonly env: Readonly<Record<string, string>>;
}

/** Opens more connections than the server may have files open, while its refresh is out. Returns how many. */
export async function openFiles(bench: ConnectionsBench): Promise<number> {
  const { folder, findings, sandboxUrl, env } = bench;
  const feishu = new FeishuControl(sandboxUrl);
  const url = await feishu.addressFor("descriptors", 0);
  await using server = await AttackedServer.start({
    args: ["--sandbox-url", url, "--kv", `${folder}/descriptors.kv`],
    env,
    wrapper: ["sh", "-c", `ulimit -n ${DESCRIPTORS}; exec "$@"`, "sh"],
  });
  const token = await feishu.logIn("v2");
  const fault = await feishu.setFault({ kind: "hang_after", path: REFRESH_PATH, client: "descriptors" });
  const asking = askRefresh(server.origin, token);
  await refreshesAtFeishu(feishu, "descriptors", 1);
  const open = await Promise.all(Array.from({ length: CONNECTIONS }, () => RawConnection.open(server.port)));
  await pause(SETTLE_MS);
  await feishu.clearFault(fault);
  if (server.program.isAlive) {
    const reply = await asking;
    findings.expect(
      reply.kind === "given",
      "lost",
      NAME,
      `the refresh that was out ended with ${wordOf(reply)}`,
    );
  }
  for (const connection of open) connection?.[Symbol.dispose]();
  const untilMs = performance.now() + RECOVERS_WITHIN_MS;
  let word = "nothing";
  while (word !== "app token" && server.program.isAlive && performance.now() < untilMs) {
    word = wordOf(await askApp(server.origin));
    await pause(LOOK_EVERY_MS);
  }
  if (!server.program.isAlive) findings.add("crash", NAME, server.program.stderr.slice(-300));
  else findings.expect(word === "app token", "hang", NAME, `once the connections are gone: ${word}`);
  await asking;
  return CONNECTIONS;
}
