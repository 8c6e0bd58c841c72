/**
 * `deno task bench:renewal [stampede] [stall] [records] [rotation]`: what a renewal costs those who wait for it, on a
 * file and on denokv. Prints Markdown. Sizes: `--store file|denokv`, `--callers N`, `--processes N`, `--rounds N`,
 * `--latency-ms N`, `--stall-ms N`, `--per-second N`, `--records N`, `--reads N`, `--rotations N`.
 *
 * Exit code 1 where Feishu saw another number of calls than one in a stampede, or none in a stall.
 *
 * @module
 */

import { readArguments, runTask, UsageError, wholeNumber } from "../../tools/developer_task.ts";
import { machine } from "../../harness/machine.ts";
import type { StoreKind } from "./fresh_store.ts";
import { measureRecords } from "./records.ts";
import { RenewalReport } from "./renewal_report.ts";
import { measureRotation } from "./rotation.ts";
import { measureStall } from "./stall.ts";
import { measureStampede } from "./stampede.ts";
import { Upstream } from "./upstream.ts";

const USAGE = `deno task bench:renewal [stampede] [stall] [records] [rotation] [--store file|denokv] [sizes]

  --callers N     who ask (1000)
  --processes N   servers (4)
  --rounds N      of which the medians are printed (5)
  --latency-ms N  of Feishu in a stampede (300)
  --stall-ms N    how long Feishu does not answer (10000)
  --per-second N  questions during a stall (400)
  --records N     in the large store (100000)
  --reads N       of each store a round (2000)
  --rotations N   with a journal, and as many without (100)`;

const PARTS = ["stampede", "stall", "records", "rotation"] as const;
type Part = (typeof PARTS)[number];

/** More would each ask so rarely that none of them is ever in another's way. */
const STEADY_CALLERS_A_PROCESS = 16;

const size = (otherwise: string) => ({ type: "string", default: otherwise }) as const;

async function benchRenewal(args: string[]): Promise<number> {
  const { values, positionals } = readArguments({
    args,
    allowPositionals: true,
    options: {
      store: { type: "string" },
      callers: size("1000"),
      processes: size("4"),
      rounds: size("5"),
      "latency-ms": size("300"),
      "stall-ms": size("10000"),
      "per-second": size("400"),
      records: size("100000"),
      reads: size("2000"),
      rotations: size("100"),
    },
  });
  const parts = positionals.length === 0 ? PARTS : positionals.map(toPart);
  const stores: StoreKind[] = values.store === undefined ? ["file", "denokv"] : [toStore(values.store)];
  const number = (name: Exclude<keyof typeof values, "store">): number => wholeNumber(name, values[name], 1);
  const [callers, processes, rounds] = [number("callers"), number("processes"), number("rounds")];
  const report = new RenewalReport();
  await using upstream = await Upstream.start();
  for (const part of parts) {
    for (const store of stores) {
      switch (part) {
        case "stampede": {
          const options = { callers, processes, rounds, latencyMs: number("latency-ms") };
          report.stampede(store, options, await measureStampede(store, upstream, options));
          break;
        }
        case "stall": {
          const [perSecond, stallMs] = [number("per-second"), number("stall-ms")];
          const few = Math.min(callers, STEADY_CALLERS_A_PROCESS * processes);
          const options = { callers: few, processes, rounds, perSecond, stallMs };
          report.stall(store, options, await measureStall(store, upstream, options));
          break;
        }
        case "records": {
          const options = { records: number("records"), reads: number("reads"), rounds };
          report.records(store, options, await measureRecords(store, options));
          break;
        }
        case "rotation": {
          const rotations = number("rotations");
          report.rotation(store, rotations, await measureRotation(store, upstream, rotations));
        }
      }
    }
  }
  const date = new Date().toISOString().slice(0, 10);
  await Deno.stdout.write(new TextEncoder().encode(`${date}, ${machine()}.\n\n${report.text}`));
  return report.isSound ? 0 : 1;
}

function toPart(name: string): Part {
  const part = PARTS.find((each) => each === name);
  if (part === undefined) {
    throw new UsageError(`No part "${name}": name ${PARTS.join(", ")}, or none for all`);
  }
  return part;
}

function toStore(name: string): StoreKind {
  if (name === "file" || name === "denokv") return name;
  throw new UsageError(`No store "${name}": --store file or --store denokv`);
}

if (import.meta.main) await runTask(USAGE, benchRenewal);
