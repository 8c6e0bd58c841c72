import type { Findings } from "./findings.ts";
import type { Program } from "./program.ts";

/** Waits for a program to end by itself, with exit code 0; records a fault where it does not. */
export async function expectEnd(
  findings: Findings,
  name: string,
  program: Program,
  withinMs: number,
): Promise<void> {
  const end = await program.ended(withinMs);
  if (end === null) findings.add("hang", name, `it still runs after ${withinMs / 1000} s`);
  else if (end.code !== 0) {
    findings.add("crash", name, `it ended with ${end.signal ?? end.code}: ${program.stderr.slice(-300)}`);
  }
}
