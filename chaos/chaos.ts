/**
 * `deno task chaos [--processes N] [--kills N] [--store file|denokv] [--seed N]`: kills real servers at chosen points of a
 * renewal, takes their store and Feishu's answers away, and checks the history against Feishu's own record.
 * `docs/fault-injection.md` says how.
 *
 * @module
 */

import { inspect } from "node:util";
import { RunError } from "../harness/run_error.ts";
import { realPlatform } from "../src/platform.ts";
import { ChaosError } from "./chaos_error.ts";
import { chaosCommand, readChaosOptions, USAGE } from "./chaos_options.ts";
import { chaosReport, lastLine, traceOf } from "./report.ts";
import { runChaos } from "./run_chaos.ts";

const EXIT_FOUND = 1;
const EXIT_FAILED = 2;
const EXIT_INTERRUPTED = 130;
const SEEDS = 2 ** 32;

async function main(): Promise<number> {
  const platform = realPlatform();
  const startedMs = platform.clock.monotonic();
  const say = (text: string): void => {
    const seconds = ((platform.clock.monotonic() - startedMs) / 1000).toFixed(1).padStart(6);
    platform.stderr.write(`${seconds} s  ${text}\n`);
  };
  const interrupted = new AbortController();
  const end = platform.onSignal(() => interrupted.abort(new ChaosError("Interrupted")));
  try {
    const options = readChaosOptions(Deno.args, Math.floor(platform.random.fraction() * SEEDS));
    say(`repeat with: ${chaosCommand(options)}`);
    const date = new Date(platform.clock.now()).toISOString().slice(0, 10);
    const result = await runChaos(options, platform, say, interrupted.signal);
    for (const line of traceOf(result)) say(line);
    platform.stdout.write(`${chaosReport(options, result, date)}\n${lastLine(options, result)}\n`);
    const { doublePresentations, silentLosses, logins } = result.result;
    const found = [...doublePresentations, ...silentLosses, ...logins.findings];
    return found.length + result.answers.late > 0 ? EXIT_FOUND : 0;
  } catch (error) {
    const cause = causeOf(error);
    say(cause instanceof RunError ? cause.message : `chaos failed: ${inspect(cause)}`);
    return interrupted.signal.aborted ? EXIT_INTERRUPTED : EXIT_FAILED;
  } finally {
    end();
    await Promise.all([platform.stdout.drained(), platform.stderr.drained()]);
  }
}

/** The error for which everything was ended, not one of those that the end has led to. */
function causeOf(error: unknown): unknown {
  return error instanceof SuppressedError ? causeOf(error.suppressed) : error;
}

if (import.meta.main) {
  if (Deno.args.includes("--help")) realPlatform().stdout.write(`${USAGE}\n`);
  else Deno.exit(await main());
}
