import { machine } from "../harness/machine.ts";
import type { LoadFigures } from "./measure_load.ts";
import type { StartFigures } from "./measure_start.ts";

/** Everything that one run found. */
export interface BenchFigures {
  readonly load: readonly LoadFigures[];
  readonly start: StartFigures;
  readonly idleMebibytes: number;
  readonly peakMebibytes: number;
  /** How the load was put on, in words. */
  readonly method: string;
  /** When, as YYYY-MM-DD. */
  readonly date: string;
}

/** The figures as Markdown, with the machine they are true of. */
export function benchReport(figures: BenchFigures): string {
  const { load, start, idleMebibytes, peakMebibytes, method, date } = figures;
  return [
    `${date}, ${machine()}. ${method}`,
    "",
    "| over HTTP | bare requests/s | requests/s | ratio | bare CPU µs | CPU µs | CPU ratio | failures |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...load.map((each) =>
      row([
        each.name,
        whole(each.bareRequestsPerSecond),
        whole(each.requestsPerSecond),
        each.ratio.toFixed(2),
        whole(each.bareMicroseconds),
        whole(each.microseconds),
        each.processorRatio.toFixed(2),
        String(each.failures),
      ])
    ),
    "",
    startReport(start),
    "",
    "| memory of the HTTP server | MiB |",
    "| --- | ---: |",
    row(["idle", whole(idleMebibytes)]),
    row(["most under load", whole(peakMebibytes)]),
    "",
  ].join("\n");
}

/** The table of starts alone. */
export function startReport({ emptyMs, forms, skipped }: StartFigures): string {
  const base = forms.find(({ name }) => name.startsWith("0.1.0"));
  return [
    `An empty \`deno run\`, to its end: ${whole(emptyMs)} ms, the least of its starts.`,
    "",
    "| start over stdio | `initialize`, ms | `server/discover`, ms | first token, ms | least | of 0.1.0's least | × empty | RSS, MiB | of 0.1.0's |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...forms.map((each) =>
      row([
        each.name,
        whole(each.initializeMs),
        Number.isNaN(each.discoverMs) ? "–" : whole(each.discoverMs),
        whole(each.firstTokenMs),
        whole(each.leastMs),
        base === undefined || each.isList ? "–" : (each.leastMs / base.leastMs).toFixed(2),
        (each.leastMs / emptyMs).toFixed(1),
        whole(each.residentMebibytes),
        base === undefined || each.isList
          ? "–"
          : (each.residentMebibytes / base.residentMebibytes).toFixed(2),
      ])
    ),
    ...skipped.map((line) => `\nSKIPPED: ${line}`),
  ].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function whole(value: number): string {
  return Number.isNaN(value) ? "unknown" : Math.round(value).toLocaleString("en");
}
