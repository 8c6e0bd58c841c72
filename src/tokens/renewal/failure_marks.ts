import { defined } from "../../defined.ts";
import { ERROR_TABLE } from "../../errors/error_table.ts";
import type { Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { FeishuAnswer, Refusal, ToldInstead } from "../../ports/feishu.ts";
import { tokenIn } from "../../ports/record_order.ts";
import type { RecordChange, RecordStore, Snapshot, Status, TokenRecord } from "../../ports/store.ts";
import { CLOCK_SLACK_MS } from "./remaining_ms.ts";
import { COMMIT_DEADLINE_MS } from "./limits.ts";
import { MEMORY_RECORDS } from "./memory_records.ts";
import type { Claim, Leases } from "./leases.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import type { RenewalStrategy } from "./renewal_strategy.ts";

/** First cool-down after a failure; it doubles with each further failure. */
export const COOL_DOWN_FIRST_MS = 1_000;
/** Longest cool-down that this server chooses itself. Feishu may ask for a longer one. */
export const COOL_DOWN_MAX_MS = 60_000;

/** Pace of the polls where Feishu names none, in milliseconds. */
const PENDING_PACE_MS = 5_000;

/** Longest cause in a status, in characters. Causes are far shorter, but a path that one quotes may be long. */
const LONGEST_DETAIL = 500;

/** State Judge of the renewal: writes the status when Feishu issued no token, and explains it to later callers. */
export class FailureMarks {
  readonly #options: FailureMarksOptions;
  /** Failures in a row, by record. */
  readonly #failures = new LruMap<number>(MEMORY_RECORDS);

  /** By record, the limited cool-down that this process has seen, and since when by the monotonic clock in milliseconds. */
  readonly #seenCoolDowns = new LruMap<{ readonly version: string | null; readonly sinceMs: number }>(
    MEMORY_RECORDS,
  );

  /** On one store. */
  constructor(options: FailureMarksOptions) {
    this.#options = options;
  }

  /**
   * The failure that the status still reports about `subject`; `null` when it reports none. The cause that Feishu gave is
   * included, whichever process was told it: nearly every caller asks during a cool-down or after a mark.
   */
  explain(
    strategy: RenewalStrategy,
    { token, status: { value: status, version } }: Snapshot,
    subject: string,
  ): TokenError | null {
    if (status === null || status.fp !== subject) return null;
    const facts = {
      ...defined({
        feishuCode: status.feishuCode,
        logId: status.logId,
        challengeUrl: status.challengeUrl,
      }),
    };
    if (status.mark === "rotation_outcome_unknown") return new TokenError("rotation_outcome_unknown", facts);
    const { detail } = status;
    const cause = { ...facts, ...defined({ detail }) };
    if (status.mark === "needs_login") return new TokenError(status.errorCode, cause);
    const leftMs = this.#leftOfCoolDown(strategy, tokenIn(token.value), status, version);
    return leftMs > 0 ? new TokenError(status.errorCode, { ...cause, retryAfterMs: leftMs }) : null;
  }

  #leftOfCoolDown(
    strategy: RenewalStrategy,
    token: TokenRecord | null,
    status: Status,
    version: string | null,
  ): number {
    const { clock } = this.#options;
    const leftMs = (status.untilMs ?? 0) - clock.now();
    const wholeMs = (status.untilMs ?? 0) - status.atMs;
    // A wall clock that was set back must not turn a short cool-down into a long one.
    if (leftMs > wholeMs + CLOCK_SLACK_MS) return 0;
    const longestMs = strategy.longestPauseMs(token);
    if (longestMs === Infinity) return leftMs;
    // A limited cool-down is counted by this process's monotonic clock, from when the process first saw it.
    let seen = this.#seenCoolDowns.get(strategy.key);
    if (seen === undefined || seen.version !== version) {
      seen = { version, sinceMs: clock.monotonic() };
      this.#seenCoolDowns.set(strategy.key, seen);
    }
    return Math.min(leftMs, longestMs - (clock.monotonic() - seen.sinceMs));
  }

  /** Forgets the failures of a record that was renewed. */
  succeeded(strategy: RenewalStrategy): void {
    this.#failures.delete(strategy.key);
  }

  /**
   * Releases the lease and starts a cool-down, after a failure that passes: one atomic with `check(lease)`. Where the atomic
   * fails, the lease runs out by itself.
   */
  async coolDown(
    strategy: RenewalStrategy,
    claim: Claim,
    subject: string,
    answer: FailedAnswer,
  ): Promise<void> {
    const { store, clock, leases } = this.#options;
    const facts = factsOf(answer);
    const ownMs = this.#ownCoolDownMs(strategy, answer, facts);
    const now = clock.now();
    const longestMs = strategy.longestPauseMs(tokenIn(claim.snapshot.token.value));
    const status: Status = {
      fp: subject,
      mark: "cool_down",
      errorCode: facts.errorCode,
      untilMs: now + Math.min(Math.max(ownMs, facts.retryAfterMs ?? 0), longestMs),
      atMs: now,
      ...facts.wire,
      ...detailOf(facts),
    };
    const isUnknown = strategy.spends && (claim.lease.unknown || facts.mayHaveConsumed);
    await store.write(strategy.name, {
      check: { lease: claim.version },
      ...(isUnknown
        ? { set: { lease: leases.released(claim, true), status } }
        : { set: { status }, remove: ["lease"] }),
      deadlineMs: COMMIT_DEADLINE_MS,
    });
  }

  /**
   * Releases the lease with `check(lease)`, after an outcome that says nothing against the token. A lease of an unknown
   * outcome stays, without its nonce, to remember that; any other is deleted. Where nothing is spent the cool-down ends too.
   */
  async release(strategy: RenewalStrategy, claim: Claim): Promise<void> {
    const { store } = this.#options;
    await store.write(strategy.name, {
      check: { lease: claim.version },
      ...(strategy.spends ? this.#released(claim) : { set: {}, remove: ["lease", "status"] }),
      deadlineMs: COMMIT_DEADLINE_MS,
    });
  }

  #released(claim: Claim): Pick<RecordChange, "set" | "remove"> {
    const { lease } = claim;
    return lease.unknown
      ? { set: { lease: this.#options.leases.released(claim, true) } }
      : { set: {}, remove: ["lease"] };
  }

  /**
   * Marks the record. `check(token)` and `check(lease)`: a process that has lost the lease, or sees another token, may not
   * judge. `check(spare)`: a spare is adopted instead. A mark deletes nothing, and any newer pair makes it void (promise 4).
   *
   * @param now the read after the refusal, which showed the token that was presented, and no spare to adopt.
   * @returns whether the mark was written.
   */
  async mark(strategy: RenewalStrategy, claim: Claim, now: Snapshot, refusal: Refusal): Promise<boolean> {
    const { store, clock } = this.#options;
    const facts = factsOf({ kind: "refused", refusal });
    const subject = claim.lease.fp;
    // If an earlier answer was lost, keep its log id: Feishu's support can trace the lost pair by it.
    const earlier = claim.snapshot.status.value;
    const lostLogId = claim.lease.unknown && earlier?.fp === subject ? earlier.logId : undefined;
    const outcome = await store.write(strategy.name, {
      check: { token: now.token.version, lease: claim.version, spare: now.spare.version },
      set: {
        status: {
          fp: subject,
          mark: claim.lease.unknown ? "rotation_outcome_unknown" : "needs_login",
          errorCode: refusal.errorCode,
          atMs: clock.now(),
          ...facts.wire,
          ...detailOf(facts),
          ...defined({ logId: lostLogId }),
        },
      },
      deadlineMs: COMMIT_DEADLINE_MS,
    });
    if (outcome.kind === "ok") this.#failed(strategy);
    return outcome.kind === "ok";
  }

  /**
   * The cool-down that the server chooses itself, in milliseconds. An answer of `pending` is no failure: it does not count,
   * and does not lengthen the pace that Feishu asks for.
   */
  #ownCoolDownMs(strategy: RenewalStrategy, answer: FailedAnswer, { errorCode }: AnswerFacts): number {
    if (answer.kind === "refused" && answer.refusal.verdict === "pending") {
      return answer.refusal.retryAfterMs ?? PENDING_PACE_MS;
    }
    const failures = this.#failed(strategy);
    // A person has to fix a failure that is not retryable, so asking every few seconds is of no use.
    return ERROR_TABLE[errorCode].retryable
      ? Math.min(COOL_DOWN_FIRST_MS * 2 ** (failures - 1), COOL_DOWN_MAX_MS)
      : COOL_DOWN_MAX_MS;
  }

  /** Counts a failure, and returns how many there have been in a row. */
  #failed(strategy: RenewalStrategy): number {
    const count = (this.#failures.get(strategy.key) ?? 0) + 1;
    this.#failures.set(strategy.key, count);
    return count;
  }
}

/** What {@linkcode FailureMarks} needs. */
export interface FailureMarksOptions {
  /** Where the marks are. */
  readonly store: RecordStore;
  /** Tells the time and bounds the waits. */
  readonly clock: Clock;
  /** Decides who may present. */
  readonly leases: Leases;
}

/** An answer without a token. */
export type FailedAnswer = Exclude<FeishuAnswer, { readonly kind: "issued" }>;

/** The facts in a failed answer, whatever its form. */
export interface AnswerFacts {
  /** Of the error table. */
  readonly errorCode: Status["errorCode"];
  /** Whether the refresh token may be spent. */
  readonly mayHaveConsumed: boolean;
  /** How long Feishu asks to wait. */
  readonly retryAfterMs?: number;
  /** The cause in words, where Feishu gave no code for it. */
  readonly detail: Phrase | undefined;
  /** Replaces the error table's texts, where more is known. */
  readonly told?: ToldInstead | undefined;
  /** What of Feishu's answer goes into the status and the error as it is. */
  readonly wire: Pick<Refusal, "feishuCode" | "logId" | "challengeUrl">;
}

/** Reads the facts out of a failed answer. */
export function factsOf(answer: FailedAnswer): AnswerFacts {
  switch (answer.kind) {
    case "refused": {
      const { errorCode, mayHaveConsumed, retryAfterMs, detail, told } = answer.refusal;
      const { feishuCode, logId, challengeUrl } = answer.refusal;
      return {
        errorCode,
        mayHaveConsumed,
        ...defined({ retryAfterMs }),
        detail,
        told,
        wire: defined({ feishuCode, logId, challengeUrl }),
      };
    }
    case "unreadable":
      return {
        errorCode: "feishu_answer_unreadable",
        mayHaveConsumed: true,
        detail: answer.detail,
        wire: defined({ logId: answer.logId }),
      };
    case "unanswered":
      return {
        errorCode: "feishu_unavailable",
        mayHaveConsumed: answer.sent,
        detail: answer.detail,
        wire: {},
      };
  }
}

/** The failure that a caller is told when the record's status has none. */
export function errorOf(answer: FailedAnswer): TokenError {
  const { errorCode, retryAfterMs, detail, told, wire } = factsOf(answer);
  return new TokenError(errorCode, {
    ...wire,
    ...told,
    ...defined({ detail, retryAfterMs }),
  });
}

/** The cause in words, cut to what a status has room for. */
function detailOf({ detail }: AnswerFacts): Pick<Status, "detail"> {
  if (detail === undefined) return {};
  const short = (text: string): string => text.slice(0, LONGEST_DETAIL);
  return { detail: { en: short(detail.en), zh: short(detail.zh) } };
}
