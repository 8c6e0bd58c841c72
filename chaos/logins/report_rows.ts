import type { ChaosResult } from "../chaos_result.ts";
import type { CheckerResult } from "../checker/check.ts";
import type { LoginFinding } from "../checker/login_findings.ts";

type Row = readonly [string, number];

/** What was done with logins, for the table; nothing where the run had none. */
export function workRows({ deviceLogins }: ChaosResult): Row[] {
  if (deviceLogins === undefined) return [];
  const { logins, tokens, logouts } = deviceLogins;
  return [["logins by the device flow", logins], ["user tokens of those", tokens], ["logouts", logouts]];
}

/** What the checker says of them. */
export function findingRows({ deviceLogins, result }: ChaosResult): Row[] {
  if (deviceLogins === undefined) return [];
  return [
    ["logins and grants lost on the way and reported", result.logins.reported],
    ["lost logins", lost(result)],
    ["unequal outcomes", count(result, "unequal outcomes")],
    ["wrong tokens", count(result, "wrong token")],
  ];
}

/** How many logins were lost. */
export function lost(result: CheckerResult): number {
  return count(result, "lost login");
}

function count({ logins }: CheckerResult, kind: LoginFinding["kind"]): number {
  return logins.findings.filter((finding) => finding.kind === kind).length;
}
