import type { ToolAnswer } from "./tool_answer.ts";

/** What callers were told, counted. */
export class Answers {
  /** By outcome. */
  readonly counts = new Map<string, number>();
  /** The slowest answer of a process that was not stopped meanwhile, in milliseconds. */
  slowestMs = 0;
  /** Questions that a process which lived did not answer in time. */
  late = 0;

  /** Counts one answer that took `tookMs` while its process ran. */
  count(answer: ToolAnswer, tookMs: number): void {
    const name = nameOf(answer);
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    if (answer.kind === "none") this.late++;
    if (answer.kind !== "killed") this.slowestMs = Math.max(this.slowestMs, tookMs);
  }
}

function nameOf(answer: ToolAnswer): string {
  switch (answer.kind) {
    case "app_token":
      return "app token";
    case "pair":
      return answer.isUnknown ? "older pair, with a warning that a newer one may be lost" : "pair";
    case "started":
      return "login started";
    case "login":
      return `login ${answer.status}`;
    case "user_token":
      return "user token";
    case "logged_out":
      return "logged out";
    case "error":
      return answer.code;
    case "killed":
      return "none, its process was killed";
    case "none":
      return "none in time";
  }
}
