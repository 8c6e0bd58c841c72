import { runCommand } from "../../harness/run_command.ts";
import { AttackedServer } from "../attacked_server.ts";
import { EchoingFeishu } from "./echoing_feishu.ts";
import { makeCalls } from "./make_calls.ts";
import type { Plant } from "./plant.ts";

/** Every call against a server that logs in one form. Returns how many. */
export async function callsIn(plant: Plant, logFormat: "json" | "human"): Promise<number> {
  const { context: { folder }, env } = plant;
  const home = `${folder}/${logFormat}`;
  await Deno.mkdir(home);
  await using feishu = new EchoingFeishu(plant.secrets);
  await using server = await AttackedServer.start({
    args: ["--kv", `${home}/tokens.kv`, "--log-level", "debug"],
    env: { ...env, FEISHU_BASE_URL: feishu.origin, FEISHU_TOKEN_ALLOW_QUERY_SECRETS: "1" },
    logFormat,
    onLine: (line) => plant.look(`${logFormat} log`, line),
  });
  const cases = await makeCalls(plant, feishu, server, logFormat, true);
  const { output } = await runCommand("ps", ["-ww", "-o", "args=", "-p", String(server.program.pid)]);
  plant.look("command line", output);
  await plant.lookAtFiles("files of a server that runs", home);
  server.program.signal("SIGKILL");
  await server.program.ended(10_000);
  await plant.lookAtFiles("files of a server that was killed", home);
  return cases;
}
