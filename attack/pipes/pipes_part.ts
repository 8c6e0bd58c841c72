import { environmentOf } from "../../harness/children.ts";
import { FeishuControl } from "../../chaos/feishu_control.ts";
import { SandboxProgram } from "../../harness/sandbox_program.ts";
import { AttackedServer } from "../attacked_server.ts";
import { eachOf } from "../each_of.ts";
import type { AttackContext, Part, PartResult } from "../part.ts";
import { deadHost } from "./dead_host.ts";
import { endedDuringRefresh, type Ending } from "./ended_during_refresh.ts";
import { oddInput } from "./odd_input.ts";
import { PipesBench } from "./pipes_bench.ts";
import { unreadErrors } from "./unread_errors.ts";
import { unreadOutput, unreadOutputDuringRefresh } from "./unread_output.ts";

const WIDTH = 4;
/** Windows has none of these but the first. */
const ENDINGS: readonly Ending[] = [
  "end of input",
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "one key press that arrives three times",
];

/** Lines that no client sends, pipes that stay unread, signals, hosts that die. */
export const pipesPart: Part = { name: "pipes", run };

async function run(context: AttackContext): Promise<PartResult> {
  const { folder, denoDir } = context;
  const kv = `${folder}/tokens.kv`;
  await using sandbox = await SandboxProgram.start(await environmentOf(`${folder}/feishu`, denoDir));
  await using verifier = await AttackedServer.start({
    args: ["--sandbox-url", sandbox.url, "--kv", kv],
    env: await environmentOf(`${folder}/home`, denoDir),
  });
  const bench = new PipesBench(context, new FeishuControl(sandbox.url), verifier, kv);
  let cases = 0;
  const one = (work: () => Promise<void>): () => Promise<number> => () => work().then(() => 1);
  const all = [
    () => oddInput(bench),
    () => unreadErrors(bench),
    one(() => unreadOutput(bench, "SIGTERM")),
    one(() => unreadOutput(bench, "end of input")),
    one(() => unreadOutputDuringRefresh(bench)),
    one(() => deadHost(bench)),
    ...ENDINGS.map((ending) => one(() => endedDuringRefresh(bench, ending))),
  ];
  await eachOf(all, WIDTH, async (work) => {
    const count = await work();
    cases += count;
  });
  return {
    cases,
    sent: "malformed, garbled and endless lines, unread pipes, signals and dead hosts during refreshes",
    figures: [],
  };
}
