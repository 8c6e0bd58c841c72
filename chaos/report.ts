import { machine } from "../harness/machine.ts";
import { chaosCommand, type ChaosOptions } from "./chaos_options.ts";
import type { DoublePresentation } from "./checker/double_presentations.ts";
import type { LoginFinding } from "./checker/login_findings.ts";
import type { SilentLoss } from "./checker/lost_pairs.ts";
import type { ObservedCall } from "./checker/observed_call.ts";
import type { ChaosResult } from "./chaos_result.ts";
import { findingRows, lost, workRows } from "./logins/report_rows.ts";

/** The tables of a run, in Markdown, with the date (YYYY-MM-DD) and the machine that it is true of. */
export function chaosReport(options: ChaosOptions, run: ChaosResult, date: string): string {
  const { kills, outages, events, nemesisEvents, longFaults, answers, result } = run;
  return [
    `${date}, ${machine()}. \`${chaosCommand(options)}\`, ${(run.tookMs / 1000).toFixed(0)} s.`,
    "",
    table(
      "kills, by point",
      [...kills, ["all", sum(kills.values())]],
    ),
    table("other faults", [
      ["single answers slow, refused or lost", nemesisEvents.faults],
      ["answers to a refresh later than the attempt timeout", longFaults.slowRefreshes],
      ["answers to an app token's call later than the attempt timeout", longFaults.slowAppTokens],
      ["stops shorter than a lease", nemesisEvents.stops],
      ["stops longer than a lease", longFaults.stops],
      ...outages,
      ["starts that the store kept from succeeding", run.failedStarts],
      ["moves of the clock", nemesisEvents.moves],
      ...(run.deviceLogins === undefined ? [] : [
        ["servers killed by their host, 2 s after it started them", nemesisEvents.hostKills] as const,
      ]),
    ]),
    table("outcome", [
      ["logins", run.logins],
      ...workRows(run),
      ["calls at Feishu", run.feishuCalls],
      ["takeovers", events.takeovers],
      ["pairs from a journal", events.replays],
      ["late commits", events.lateCommits],
      ["pairs lost on the way and reported as `rotation_outcome_unknown`", result.reportedLosses.length],
      ["double presentations", result.doublePresentations.length],
      ["silent losses", result.silentLosses.length],
      ...findingRows(run),
    ]),
    table("answers to callers", [
      ...[...answers.counts].toSorted(([, a], [, b]) => b - a),
      ["late answers", answers.late],
    ]),
    `${run.callers} callers; the slowest answer took ${(answers.slowestMs / 1000).toFixed(1)} s.`,
    "",
  ].join("\n");
}

/** The one line that scripts read. */
export function lastLine({ seed, logins }: ChaosOptions, { kills, result }: ChaosResult): string {
  const { doublePresentations, silentLosses } = result;
  const others = result.logins.findings.length - lost(result);
  return `seed=${seed} kills=${sum(kills.values())} ` +
    `double_presentations=${doublePresentations.length} silent_losses=${silentLosses.length}` +
    (logins ? ` lost_logins=${lost(result)} other_login_findings=${others}` : "");
}

/** So many findings of each kind are told in full: one cause mostly has many. */
const TOLD = 10;

/** The findings in full, with the log lines that tell their cause. */
export function traceOf({ result, lives, logs }: ChaosResult): string[] {
  const said = (call: ObservedCall): string => `${shown(call)}; ${lifeOf(call, lives)}`;
  const { doublePresentations, silentLosses } = result;
  const [doubles, losses] = [doublePresentations.slice(0, TOLD), silentLosses.slice(0, TOLD)];
  const found = result.logins.findings.slice(0, TOLD);
  const calls = [
    ...doubles.flatMap(({ call, earlier }) => [earlier, call]),
    ...losses.flatMap(({ call }) => call ?? []),
    ...found.flatMap(({ call }) => call ?? []),
  ];
  return [
    ...doubles.map((double) => traceOfDouble(double, said)),
    ...losses.map((loss) => traceOfLoss(loss, said)),
    ...found.map((finding) => traceOfLogin(finding, said)),
    ...calls.map(({ process, logId }) =>
      [`log of ${process} about ${logId}:`, ...logs.get(process)?.about(logId) ?? []].join("\n  ")
    ),
  ];
}

function traceOfDouble({ call, earlier }: DoublePresentation, said: (call: ObservedCall) => string): string {
  return `double presentation:\n  first ${said(earlier)}\n  then  ${said(call)}`;
}

function traceOfLoss(
  { family, call, answers, reason }: SilentLoss,
  said: (call: ObservedCall) => string,
): string {
  const issued = call === undefined ? "by the login itself" : `by ${said(call)}`;
  return `silent loss: pair ${family.tokens.length} of login ${family.id}, issued ${issued}\n  ${reason}: ` +
    JSON.stringify(answers);
}

function traceOfLogin(
  { kind, openId, reason, call, told }: LoginFinding,
  said: (call: ObservedCall) => string,
): string {
  const about = call === undefined ? "" : `\n  ${said(call)}`;
  return `${kind} of ${openId}: ${reason}${about}\n  ${JSON.stringify(told)}`;
}

function shown(call: ObservedCall): string {
  const { seq, process, presented, beganMs, endedMs, end, outcome, code, logId } = call;
  const span = `${beganMs.toFixed(0)} to ${endedMs?.toFixed(0) ?? "…"} ms`;
  return `call ${seq} by ${process} presenting ${presented ?? "no token"}, ${span}, ${end ?? "under way"}, ` +
    `${outcome}, code ${code}, log id ${logId}`;
}

function lifeOf({ process }: ObservedCall, lives: ChaosResult["lives"]): string {
  const life = lives.get(process);
  const stops =
    life?.stops.map(({ fromMs, toMs }) => `${fromMs.toFixed(0)} to ${toMs?.toFixed(0) ?? "…"} ms`) ?? [];
  const stopped = stops.length === 0 ? "" : `, stopped ${stops.join(", ")}`;
  const point = life?.killedAt === undefined ? "" : ` (${life.killedAt})`;
  return `its process killed at ${life?.killedMs?.toFixed(0) ?? "…"} ms${point}${stopped}`;
}

function table(title: string, rows: readonly (readonly [string, number])[]): string {
  return [
    `| ${title} |  |`,
    "| --- | ---: |",
    ...rows.map(([name, count]) => `| ${name} | ${count} |`),
    "",
  ].join("\n");
}

function sum(counts: Iterable<number>): number {
  return Iterator.from(counts).reduce((total, count) => total + count, 0);
}
