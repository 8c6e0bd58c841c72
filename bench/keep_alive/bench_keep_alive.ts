/**
 * `deno task bench:keep-alive`: whether kept logins stay alive although nobody asks for their tokens, at which pace they
 * are renewed, and how often. Prints Markdown. Exit code 1 where promise 9 was not kept.
 *
 * @module
 */

import { machine } from "../../harness/machine.ts";
import { markdownTable } from "../../tests/docs/markdown_table.ts";
import { readArguments, runTask, UsageError, wholeNumber } from "../../tools/developer_task.ts";
import { keepAliveProblems } from "./keep_alive_problems.ts";
import { type KeepAliveMeasured, type KeepAliveOptions, measureKeepAlive } from "./measure_keep_alive.ts";

const USAGE = `deno task bench:keep-alive [--store file|denokv] [sizes]

  --grants N      people who are logged in (1000)
  --days N        of the simulated Feishu's clock (30)
  --processes N   servers on one store (3)`;

/** A grant is due over a day and a half, so that steps of a day make most of them due at a time. */
const STEP_DAYS = 1;

const size = (otherwise: string) => ({ type: "string", default: otherwise }) as const;

async function benchKeepAlive(args: string[]): Promise<number> {
  const { values } = readArguments({
    args,
    options: {
      ...{ store: size("denokv"), grants: size("1000"), days: size("30"), processes: size("3") },
    },
  });
  const { store } = values;
  if (store !== "file" && store !== "denokv") {
    throw new UsageError(`No store "${store}": --store file or --store denokv`);
  }
  const number = (name: "grants" | "days" | "processes"): number => wholeNumber(name, values[name], 1);
  const options: KeepAliveOptions = {
    ...{ grants: number("grants"), days: number("days"), processes: number("processes") },
    store,
    stepDays: STEP_DAYS,
  };
  const measured = await measureKeepAlive(options, (text) => write(Deno.stderr, `${text}\n`));
  const problems = keepAliveProblems(measured.figures, STEP_DAYS);
  if (measured.served < options.grants) {
    problems.push(`${options.grants - measured.served} people have no token`);
  }
  const date = new Date().toISOString().slice(0, 10);
  write(Deno.stdout, `${date}, ${machine()}.\n\n${report(options, measured)}\n`);
  for (const problem of problems) write(Deno.stderr, `${problem}\n`);
  return problems.length === 0 ? 0 : 1;
}

function report(
  { days, processes, store }: KeepAliveOptions,
  { figures, served, tookMs }: KeepAliveMeasured,
): string {
  const { grants, lapsed, renewals, fewest, most, shortestDays, longestDays, repeats, refused } = figures;
  const rows: [string, string | number][] = [
    ["grants", grants],
    ["days of Feishu's clock", days],
    ["servers, store", `${processes}, ${store}`],
    ["lapsed", lapsed],
    ["people with a token in the end", served],
    ["renewals", renewals],
    ["renewals of one grant", `${fewest} to ${most}`],
    ["days between two", `${shortestDays.toFixed(2)} to ${longestDays.toFixed(2)}`],
    ["tokens presented twice", repeats],
    ["presentations that brought no pair", refused],
    ["most renewals within a second", figures.mostInSecond],
    ["most renewals within a minute", figures.mostInMinute],
    ["seconds that it took", (tookMs / 1_000).toFixed(0)],
  ];
  return markdownTable(["keep-alive", ""], rows.map(([name, value]) => [name, String(value)]));
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  stream.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) await runTask(USAGE, benchKeepAlive);
