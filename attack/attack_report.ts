import { markdownTable } from "../tests/docs/markdown_table.ts";
import { attackCommand, type AttackOptions } from "./attack_options.ts";
import { type Finding, FINDING_KINDS, type Findings } from "./findings.ts";
import type { PartResult } from "./part.ts";

/** One part and what came back from it. */
export interface PartOutcome {
  /** The part's name. */
  readonly name: string;
  /** What it found. */
  readonly findings: Findings;
  /** What it did; why it could not be run; or `failed`, where it broke off. */
  readonly result: PartResult | { readonly skipped: string } | "failed";
  /** How long it took, in milliseconds. */
  readonly tookMs: number;
}

const TITLES = ["crashes", "bare 5xx", "silent hangs", "secrets shown", "tokens lost", "other faults"];
/** So many findings of one kind and part are told in full: one cause mostly has many. */
const TOLD = 12;

/**
 * The tables of a run, in Markdown.
 *
 * @param when the date and the machine that they are true of.
 */
export function attackReport(
  options: AttackOptions,
  outcomes: readonly PartOutcome[],
  when: string,
): string {
  const tookMs = outcomes.reduce((total, each) => total + each.tookMs, 0);
  return [
    `${when}. \`${attackCommand(options)}\`, ${(tookMs / 1000).toFixed(0)} s.`,
    "",
    markdownTable(["part", "cases", "what was sent", ...TITLES, "verdict"], outcomes.map(row)),
    "",
    ...outcomes.flatMap(({ name, result }) =>
      typeof result === "object" && "figures" in result && result.figures.length > 0
        ? [`- \`${name}\`: ${result.figures.join("; ")}.`]
        : []
    ),
    "",
  ].join("\n");
}

/** The one line that scripts read. */
export function lastLine({ seed }: AttackOptions, outcomes: readonly PartOutcome[]): string {
  const cases = outcomes.reduce((total, { result }) => total + casesOf(result), 0);
  const counts = FINDING_KINDS.map((kind) =>
    `${kind}=${outcomes.reduce((total, { findings }) => total + findings.count(kind), 0)}`
  );
  const failed = outcomes.filter(({ result }) => result === "failed").length;
  return [`seed=${seed}`, `cases=${cases}`, ...counts, `failed_parts=${failed}`].join(" ");
}

/** Whether any part found a fault or broke off. */
export function hasFaults(outcomes: readonly PartOutcome[]): boolean {
  return outcomes.some(({ findings, result }) => result === "failed" || findings.all.length > 0);
}

/** The findings of a part in full. */
export function traceOf({ name, findings }: PartOutcome): string[] {
  return FINDING_KINDS.flatMap((kind) => {
    const found = findings.all.filter((finding) => finding.kind === kind);
    const more = found.length > TOLD ? [`${name}: ${found.length - TOLD} more of ${kind}`] : [];
    return [...found.slice(0, TOLD).map((finding) => told(name, finding)), ...more];
  });
}

function told(part: string, { kind, name, detail }: Finding): string {
  return `${part}: ${kind}: ${name}: ${detail}`;
}

function row({ name, findings, result }: PartOutcome): string[] {
  if (typeof result === "object" && "skipped" in result) {
    return [name, "0", "nothing", ...FINDING_KINDS.map(() => "–"), `SKIPPED: ${result.skipped}`];
  }
  const verdict = result === "failed" ? "broke off" : findings.all.length === 0 ? "holds" : "fails";
  return [
    name,
    String(casesOf(result)),
    result === "failed" ? "unknown" : result.sent,
    ...FINDING_KINDS.map((kind) => String(findings.count(kind))),
    verdict,
  ];
}

function casesOf(result: PartOutcome["result"]): number {
  return typeof result === "object" && "cases" in result ? result.cases : 0;
}
