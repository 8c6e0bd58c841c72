/**
 * `deno task attack [part …] [--seed N] [--short]`: malformed requests, a hostile Feishu, damaged stores, unread pipes,
 * planted secrets, outages, hoards of connections and full disks, against real processes on loopback. `docs/security.md`
 * says what is sent and what must hold.
 *
 * @module
 */

import { inspect } from "node:util";
import { machine } from "../harness/machine.ts";
import { killAllChildren } from "../harness/children.ts";
import { realPlatform } from "../src/platform.ts";
import { RunError } from "../harness/run_error.ts";
import { attackCommand, readAttackOptions, usage } from "./attack_options.ts";
import { attackReport, hasFaults, lastLine, traceOf } from "./attack_report.ts";
import { PARTS } from "./parts.ts";
import { print } from "./print.ts";
import { runAttack } from "./run_attack.ts";

const EXIT_FOUND = 1;
const EXIT_FAILED = 2;
const EXIT_INTERRUPTED = 130;
const SEEDS = 2 ** 32;
const NAMES = PARTS.map(({ name }) => name);

async function main(): Promise<number> {
  const platform = realPlatform();
  const startedMs = platform.clock.monotonic();
  const say = (text: string): void => {
    const seconds = ((platform.clock.monotonic() - startedMs) / 1000).toFixed(1).padStart(6);
    print(Deno.stderr, `${seconds} s  ${text}\n`);
  };
  const interrupted = new AbortController();
  const end = platform.onSignal(() => {
    interrupted.abort(new RunError("Interrupted"));
    // What waits for a server to answer goes on at once, and then sees the interruption.
    killAllChildren();
  });
  try {
    const anySeed = Math.floor(platform.random.fraction() * SEEDS);
    const options = readAttackOptions(Deno.args, NAMES, anySeed);
    say(`repeat with: ${attackCommand(options)}`);
    const date = new Date(platform.clock.now()).toISOString().slice(0, 10);
    const outcomes = await runAttack(options, platform.clock, say, interrupted.signal);
    interrupted.signal.throwIfAborted();
    for (const line of outcomes.flatMap(traceOf)) say(line);
    const report = attackReport(options, outcomes, `${date}, ${machine()}`);
    print(Deno.stdout, `${report}\n${lastLine(options, outcomes)}\n`);
    return hasFaults(outcomes) ? EXIT_FOUND : 0;
  } catch (error) {
    say(error instanceof RunError ? error.message : `attack failed: ${inspect(error)}`);
    return interrupted.signal.aborted ? EXIT_INTERRUPTED : EXIT_FAILED;
  } finally {
    killAllChildren();
    end();
  }
}

if (import.meta.main) {
  if (Deno.args.includes("--help")) print(Deno.stdout, `${usage(NAMES)}\n`);
  else Deno.exit(await main());
}
