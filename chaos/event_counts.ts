/** Figures from the servers' own logs, for the table. The checker does not use them. */
export interface EventCounts {
  /** Leases of dead, stopped or lost owners that another process claimed. */
  takeovers: number;
  /** Pairs written from a journal, at a start or at the next look. */
  replays: number;
  /** Pairs that a process stored after its first try had failed. */
  lateCommits: number;
}

/** By what the servers log, the figure that it counts for. */
export const COUNTED: Readonly<Record<string, keyof EventCounts>> = {
  "took over a renewal that did not end": "takeovers",
  "recovered token pairs that a stopped process had not stored": "replays",
  "store lacks a pair yet, writing it": "replays",
  "token stored after all": "lateCommits",
};

/** Counts the event of a log line, if it is one that counts. */
export function countEvent(counts: EventCounts, line: string): void {
  if (!line.startsWith("{")) return;
  let read: { readonly event?: string; readonly pairs?: number };
  try {
    read = JSON.parse(line);
  } catch {
    // A line that a kill has cut.
    return;
  }
  const name = COUNTED[read.event ?? ""];
  if (name !== undefined) counts[name] += read.pairs ?? 1;
}
