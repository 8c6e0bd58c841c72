import { askRefresh } from "../ask_tool.ts";
import { pause } from "../../harness/pause.ts";
import { expectEnd } from "../expect_end.ts";
import type { Program } from "../program.ts";
import type { PipesBench } from "./pipes_bench.ts";
import { INITIALIZE, refreshLine, SERVING_STDIO } from "./stdio_lines.ts";

const START_WITHIN_MS = 40_000;
const SEND_WITHIN_MS = 5_000;
const END_WITHIN_MS = 20_000;
/** How long Feishu takes: a program that ends at once has not waited for it. */
const FEISHU_MS = 1_500;
/** A key press reaches a program up to three times: from the terminal, and from each program between. */
const PRESS_GAP_MS = 40;

/** What ends a program while its refresh is out. */
export type Ending = "end of input" | "one key press that arrives three times" | Deno.Signal;

/** Ends a server while Feishu works on its refresh: the pair must be stored all the same. */
export async function endedDuringRefresh(bench: PipesBench, ending: Ending): Promise<void> {
  const name = `${ending} during a refresh`;
  const isStdio = ending === "end of input";
  const { program, client } = await bench.start({ args: isStdio ? ["--stdio"] : ["--port", "0"] });
  await using _running = program;
  const started = await program.says(
    isStdio ? SERVING_STDIO : /"event":"listening","url":"([^"]+)\/mcp"/,
    START_WITHIN_MS,
  );
  const token = await bench.feishu.logIn("v2");
  await bench.faultRefresh(client, { kind: "slow", ms: FEISHU_MS, times: 1 });
  const asking = isStdio
    ? program.send(INITIALIZE + refreshLine("refresh", token), SEND_WITHIN_MS)
    : askRefresh(started?.[1] ?? "", token);
  const isOut = await bench.hasRefresh(client);
  bench.context.findings.expect(isOut, "other", name, "the refresh was not sent to Feishu");
  await end(program, ending);
  await expectEnd(bench.context.findings, name, program, END_WITHIN_MS);
  await asking;
  await bench.expectStored(name, token);
}

async function end(program: Program, ending: Ending): Promise<void> {
  if (ending === "end of input") return await program.closeInput();
  const isPress = ending === "one key press that arrives three times";
  for (let left = isPress ? 3 : 1; left > 0; left--) {
    program.signal(isPress ? "SIGINT" : ending);
    if (left > 1) await pause(PRESS_GAP_MS);
  }
}
