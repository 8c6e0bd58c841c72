import type { ScenarioResult } from "./conformance_suite.ts";

/** The counts of one server, for people. */
export interface CountedServer {
  readonly title: string;
  readonly results: readonly ScenarioResult[];
  /** `scenario:check` of every failure that is expected. */
  readonly expected: readonly string[];
}

/** A table of counts, a line a scenario. */
export function countsTable({ title, results, expected }: CountedServer): string {
  const width = Math.max(...results.map(({ scenario }) => scenario.length));
  const line = (name: string, ...counts: readonly (string | number)[]): string =>
    `${name.padEnd(width)}  ${counts.map((count) => String(count).padStart(8)).join("  ")}`;
  const rows = results.map(({ scenario, passed, failed }) => {
    const excused = expected.filter((entry) => entry.startsWith(`${scenario}:`)).length;
    return { scenario, counts: [passed, failed.length, excused] };
  });
  const total = (column: number): number => rows.reduce((sum, { counts }) => sum + (counts[column] ?? 0), 0);
  return [
    title,
    line("scenario", "passed", "failed", "expected"),
    ...rows.map(({ scenario, counts }) =>
      `${line(scenario, ...counts)}${counts.every((count) => count === 0) ? "  no checks apply" : ""}`
    ),
    line("total", total(0), total(1), total(2)),
    "",
  ].join("\n");
}
