import { Canaries } from "../canaries.ts";
import { expectEnd } from "../expect_end.ts";
import { processMemory } from "../../harness/process_memory.ts";
import type { Program } from "../program.ts";
import { malformedLines } from "./malformed_lines.ts";
import type { PipesBench } from "./pipes_bench.ts";
import { INITIALIZE, listLine, SERVING_STDIO } from "./stdio_lines.ts";

const START_WITHIN_MS = 40_000;
const ANSWER_WITHIN_MS = 20_000;
const END_WITHIN_MS = 20_000;
const GARBLED = { short: 500, long: 20_000 };
/** Bytes of one line: above any limit that a server may have. */
const ENDLESS = { short: 4_000_000, long: 200_000_000 };
const PIECE = "a".repeat(1_000_000);
const MOST_MIB = 600;

/** Malformed, garbled and endless lines on standard input. Returns how many were sent. */
export async function oddInput(bench: PipesBench): Promise<number> {
  const { context: { findings, chance, isShort } } = bench;
  const canaries = new Canaries(chance.of("canaries"));
  const secret = canaries.make("a planted secret");
  const { program } = await bench.start({
    args: ["--stdio"],
    onLine(line): void {
      for (const { name, context } of canaries.in(line)) {
        findings.add("secret", "log", `${name}, after: ${context}`);
      }
    },
  });
  await using _running = program;
  await program.says(SERVING_STDIO, START_WITHIN_MS);
  await program.send(INITIALIZE, ANSWER_WITHIN_MS);

  const lines = malformedLines(secret);
  for (const line of lines) {
    await program.send(line, ANSWER_WITHIN_MS);
    await program.send("\n", ANSWER_WITHIN_MS);
  }
  await expectAnswer(bench, program, "malformed lines", '"after malformed lines"');
  for (const { name } of canaries.in(program.stdout)) {
    findings.add("secret", "malformed lines", `${name} in an answer`);
  }

  const count = isShort ? GARBLED.short : GARBLED.long;
  const draws = chance.of("garbled");
  for (let index = 0; index < count && program.isAlive; index++) {
    const bytes = new TextEncoder().encode(listLine(index).trimEnd());
    const spoilt = Math.floor(draws.between(1, 10));
    for (let each = 0; each < spoilt; each++) {
      bytes[Math.floor(draws.between(0, bytes.length))] = Math.floor(draws.between(0, 256));
    }
    await program.send(bytes.map((byte) => byte === 0x0a ? 0x20 : byte), ANSWER_WITHIN_MS);
    await program.send("\n", ANSWER_WITHIN_MS);
  }
  await expectAnswer(bench, program, "garbled lines", '"after garbled lines"');

  const size = isShort ? ENDLESS.short : ENDLESS.long;
  await program.send('{"jsonrpc":"2.0","id":"endless","method":"', ANSWER_WITHIN_MS);
  for (let sent = 0; sent < size && program.isAlive; sent += PIECE.length) {
    if (!await program.send(PIECE, ANSWER_WITHIN_MS)) break;
  }
  await program.send("\n", ANSWER_WITHIN_MS);
  await expectAnswer(bench, program, "an endless line", '"after an endless line"');
  const isAnswered = /"id":null[^\n]*-32600|-32600[^\n]*"id":null/.test(program.stdout);
  findings.expect(isAnswered, "hang", "an endless line", "no -32600 under the id null");
  const peakMib = await processMemory(program.pid, "VmHWM");
  findings.expect(!(peakMib > MOST_MIB), "other", "an endless line", `${peakMib.toFixed(0)} MiB`);
  await program.closeInput();
  await expectEnd(findings, "end of input after odd lines", program, END_WITHIN_MS);
  return lines.length + count + 1;
}

/** Asks for something that every server answers. */
async function expectAnswer(bench: PipesBench, program: Program, name: string, id: string): Promise<void> {
  await program.send(listLine(JSON.parse(id)), ANSWER_WITHIN_MS);
  const found = await program.answers(new RegExp(`"id":${id}`), ANSWER_WITHIN_MS);
  if (found !== null) return;
  const { isAlive } = program;
  bench.context.findings.add(
    isAlive ? "hang" : "crash",
    name,
    `no answer to a good request after them: ${program.stderr.slice(-200)}`,
  );
}
