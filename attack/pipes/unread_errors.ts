import { eachOf } from "../each_of.ts";
import { expectEnd } from "../expect_end.ts";
import { freePort } from "../free_port.ts";
import { RawConnection } from "../raw_connection.ts";
import { pause } from "../../harness/pause.ts";
import type { PipesBench } from "./pipes_bench.ts";

const NAME = "unread log lines";
const START_WITHIN_MS = 40_000;
const ANSWER_WITHIN_MS = 10_000;
const END_WITHIN_MS = 20_000;
const REFUSED = 400;
const WIDTH = 8;

/** A host that does not read standard error, and hundreds of calls that are logged. Returns how many. */
export async function unreadErrors(bench: PipesBench): Promise<number> {
  const { findings } = bench.context;
  const port = freePort();
  const { program } = await bench.start({
    args: ["--port", `${port}`, "--log-level", "debug"],
    hasUnreadError: true,
  });
  await using _running = program;
  const untilMs = performance.now() + START_WITHIN_MS;
  while (!await isAnswered(port, "/healthz", 1_000) && performance.now() < untilMs) await pause(50);
  let unanswered = 0;
  await eachOf(Array.from({ length: REFUSED }, (_, index) => index), WIDTH, async (index) => {
    // One after the other differs, so that none can be counted together with another.
    if (unanswered === 0 && !await isAnswered(port, `/nothing${index}`, ANSWER_WITHIN_MS)) unanswered++;
  });
  findings.expect(unanswered === 0, "hang", NAME, `${unanswered} calls were not answered`);
  program.signal("SIGTERM");
  await expectEnd(findings, `${NAME}, SIGTERM`, program, END_WITHIN_MS);
  return REFUSED;
}

async function isAnswered(port: number, path: string, withinMs: number): Promise<boolean> {
  using connection = await RawConnection.open(port);
  if (connection === null) return false;
  const query = "x".repeat(500);
  const head = `GET ${path}?${query} HTTP/1.1\r\nHost: foreign${
    path.slice(1)
  }.example\r\nConnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(head));
  return typeof await connection.answer(false, withinMs) === "object";
}
