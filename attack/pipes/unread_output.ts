import type { PipesBench } from "./pipes_bench.ts";
import { pause } from "../../harness/pause.ts";
import { expectEnd } from "../expect_end.ts";
import { INITIALIZE, listLine, refreshLine, SERVING_STDIO } from "./stdio_lines.ts";

const START_WITHIN_MS = 40_000;
const SEND_WITHIN_MS = 5_000;
const END_WITHIN_MS = 20_000;
/** Their answers are far more than a pipe holds, while the requests fit into one. */
const REQUESTS = 700;
/** For a pair to be read and stored, once Feishu has sent it. */
const STORED_WITHIN_MS = 4_000;

/** A host that does not read standard output, and then ends the server by `how`. */
export async function unreadOutput(bench: PipesBench, how: "SIGTERM" | "end of input"): Promise<void> {
  const { program } = await bench.start({ args: ["--stdio"], hasUnreadOutput: true });
  await using _running = program;
  await program.says(SERVING_STDIO, START_WITHIN_MS);
  await program.send(INITIALIZE + requests(), SEND_WITHIN_MS);
  await pause(500);
  if (how === "SIGTERM") program.signal("SIGTERM");
  else await program.closeInput();
  await expectEnd(bench.context.findings, `unread output, ${how}`, program, END_WITHIN_MS);
}

/** A refresh that comes back while standard output stays unread; then the host is killed, and the server with it. */
export async function unreadOutputDuringRefresh(bench: PipesBench): Promise<void> {
  const name = "unread output during a refresh, SIGKILL";
  const { program, client } = await bench.start({ args: ["--stdio"], hasUnreadOutput: true });
  await using _running = program;
  await program.says(SERVING_STDIO, START_WITHIN_MS);
  const token = await bench.feishu.logIn("v2");
  const fault = await bench.faultRefresh(client, { kind: "hang_after" });
  await program.send(INITIALIZE + refreshLine("refresh", token), SEND_WITHIN_MS);
  const isOut = await bench.hasRefresh(client);
  bench.context.findings.expect(isOut, "other", name, "the refresh was not sent to Feishu");
  await program.send(requests(), SEND_WITHIN_MS);
  await pause(500);
  await bench.feishu.clearFault(fault);
  // Another process has the pair as soon as it is stored. A server that does not read Feishu's answer never stores it.
  await Promise.race([bench.askOther(token), pause(STORED_WITHIN_MS)]);
  program.signal("SIGKILL");
  await program.ended(END_WITHIN_MS);
  await bench.expectStored(name, token);
}

function requests(): string {
  return Array.from({ length: REQUESTS }, (_, index) => listLine(index)).join("");
}
