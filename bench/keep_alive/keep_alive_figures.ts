/** A renewal that the simulated Feishu has recorded. */
export interface SeenRenewal {
  /** Hash of the refresh token presented. */
  readonly presented: string;
  /** Whether a pair was issued. */
  readonly isIssued: boolean;
  /** When it arrived, in milliseconds of a clock that no one moves. */
  readonly atMs: number;
  /** When it arrived, by Feishu's own clock, in Unix seconds. */
  readonly atSeconds: number;
}

/** A grant as the simulated Feishu has it. */
export interface SeenGrant {
  /** By Feishu's own clock, in Unix seconds. */
  readonly authorizedAtSeconds: number;
  /** Its refresh tokens, oldest first. */
  readonly tokens: readonly { readonly hash: string; readonly endsAtSeconds: number }[];
}

/** What keep-alive has done. */
export interface KeepAliveFigures {
  readonly grants: number;
  /** Grants whose newest refresh token has ended. */
  readonly lapsed: number;
  readonly renewals: number;
  /** Of one grant. */
  readonly fewest: number;
  readonly most: number;
  /** Days between two renewals of one grant, or between its login and the first one. */
  readonly shortestDays: number;
  readonly longestDays: number;
  /** Presentations of a token that had been presented before. */
  readonly repeats: number;
  /** Presentations that brought no pair. */
  readonly refused: number;
  /** The most presentations within any second, and within any minute. */
  readonly mostInSecond: number;
  readonly mostInMinute: number;
}

const DAY_SECONDS = 86_400;

/** The figures of all renewals until `endSeconds`, by Feishu's own clock. */
export function keepAliveFigures(
  grants: readonly SeenGrant[],
  renewals: readonly SeenRenewal[],
  endSeconds: number,
): KeepAliveFigures {
  const issued = new Map(renewals.filter(({ isIssued }) => isIssued).map((each) => [each.presented, each]));
  const timesOf = ({ tokens }: SeenGrant): number[] =>
    tokens.flatMap(({ hash }) => issued.get(hash)?.atSeconds ?? []);
  const counts = grants.map((grant) => timesOf(grant).length);
  const gaps = grants.flatMap((grant) => {
    const times = [grant.authorizedAtSeconds, ...timesOf(grant)];
    return times.slice(1).map((time, index) => (time - (times[index] ?? time)) / DAY_SECONDS);
  });
  const times = renewals.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
  return {
    grants: grants.length,
    lapsed: grants.filter(({ tokens }) => (tokens.at(-1)?.endsAtSeconds ?? 0) <= endSeconds).length,
    renewals: renewals.length,
    fewest: least(counts),
    most: -least(counts.map((count) => -count)),
    shortestDays: least(gaps),
    longestDays: -least(gaps.map((gap) => -gap)),
    repeats: renewals.length - new Set(renewals.map(({ presented }) => presented)).size,
    refused: renewals.filter(({ isIssued }) => !isIssued).length,
    mostInSecond: mostWithin(times, 1_000),
    mostInMinute: mostWithin(times, 60_000),
  };
}

/** The most of these ascending times that lie within less than `lengthMs` of each other. */
export function mostWithin(times: readonly number[], lengthMs: number): number {
  let most = 0;
  let first = 0;
  for (const [index, time] of times.entries()) {
    while (time - (times[first] ?? time) >= lengthMs) first++;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

function least(numbers: readonly number[]): number {
  return numbers.reduce((smallest, each) => Math.min(smallest, each), Infinity);
}
