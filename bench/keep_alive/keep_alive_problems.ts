import type { KeepAliveFigures } from "./keep_alive_figures.ts";

/** The life of a refresh token, and the share of it after which a grant is due, at least and at most. In days. */
const LIFE_DAYS = 7;
const DUE = { earliest: 0.4 * LIFE_DAYS, latest: 0.6 * LIFE_DAYS };
/** Presentations of one app, all processes together. */
const MOST_A_SECOND = 8;
const MOST_A_MINUTE = 500;
/** A slot is a time at which a call may leave. Those that are late come into the second of the next ones. */
const LATE_CALLS = 2;
/** Reading a clock and the way to Feishu take moments, of which days notice nothing. */
const SLACK_DAYS = 0.01;

/**
 * What promise 9 does not allow about keep-alive, in words: nothing lapses, each grant is renewed once a period, and the
 * pace is kept.
 *
 * @param stepDays by how much the clock was moved at a time: so much later a grant may be seen to be due.
 * @param lateCalls how many calls of a second before may come into one.
 */
export function keepAliveProblems(
  figures: KeepAliveFigures,
  stepDays: number,
  lateCalls = LATE_CALLS,
): string[] {
  const { lapsed, refused, repeats, shortestDays, longestDays, mostInSecond, mostInMinute } = figures;
  const latestDays = DUE.latest + stepDays + SLACK_DAYS;
  const problems: [boolean, string][] = [
    [lapsed > 0, `${lapsed} grants have lapsed`],
    [refused > 0, `${refused} presentations brought no pair`],
    [repeats > 0, `${repeats} tokens were presented twice`],
    [shortestDays < DUE.earliest - SLACK_DAYS, `a grant was renewed after ${shortestDays.toFixed(2)} days`],
    [longestDays > latestDays, `a grant was renewed only after ${longestDays.toFixed(2)} days`],
    [mostInSecond > MOST_A_SECOND + lateCalls, `${mostInSecond} presentations within a second`],
    [mostInMinute > MOST_A_MINUTE, `${mostInMinute} presentations within a minute`],
  ];
  return problems.flatMap(([isSo, problem]) => isSo ? [problem] : []);
}
