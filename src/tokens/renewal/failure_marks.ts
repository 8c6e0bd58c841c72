import { defined } from "../../defined.ts";
import { ERROR_TABLE } from "../../errors/error_table.ts";
import type { Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { FeishuAnswer, Refusal, ToldInstead } from "../../ports/feishu.ts";
import { tokenIn } from "../../ports/record_order.ts";
import type { RecordChange, RecordStore, Snapshot, Status, TokenRecord } from "../../ports/store.ts";
import {
  CLOCK_SLACK_MS,
  COMMIT_DEADLINE_MS,
  COOL_DOWN_FIRST_MS,
  COOL_DOWN_MAX_MS,
  MEMORY_RECORDS,
} from "./limits.ts";
import type { Claim, Leases } from "./leases.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import type { RenewalStrategy } from "./renewal_strategy.ts";

/** Far more than any cause in words has; a place that a message quotes may be long. */
const LONGEST_DETAIL = 500;

/** What {@linkcode FailureMarks} needs. */
export interface FailureMarksOptions {
  /** Where the marks are. */
  readonly store: RecordStore;
  /** Tells the time and bounds the waits. */
  readonly clock: Clock;
  /** Decides who may present. */
  readonly leases: Leases;
}

/** Step 7 of the renewal: what is written when Feishu gave no token, and what is said of it later. */
export class FailureMarks {
  readonly #options: FailureMarksOptions;
  /** Failures in a row, by record. */
  readonly #failures = new LruMap<number>(MEMORY_RECORDS);

  /** When this process first saw a pause that is limited, by record and by the monotonic clock in milliseconds. */
  readonly #seenPauses = new LruMap<{ readonly version: string | null; readonly sinceMs: number }>(
    MEMORY_RECORDS,
  );

  /** On one store. */
  constructor(options: FailureMarksOptions) {
    this.#options = options;
  }

  /**
   * What a status still says about `subject`: the failure to report, or `null` when it says nothing any more. Its cause is
   * told too, whichever process met it: nearly every caller comes during a pause or after a mark.
   */
  reading(
    strategy: RenewalStrategy,
    { token, status: { value: status, version } }: Snapshot,
    subject: string,
  ): TokenError | null {
    if (status === null || status.fp !== subject) return null;
    const facts = {
      ...defined({ feishuCode: status.feishuCode, logId: status.logId }),
    };
    if (status.mark === "rotation_outcome_unknown") return new TokenError("rotation_outcome_unknown", facts);
    const { detail } = status;
    const cause = { ...facts, ...defined({ detail }) };
    if (status.mark === "needs_login") return new TokenError(status.errorCode, cause);
    const leftMs = this.#leftOfPause(strategy, tokenIn(token.value), status, version);
    return leftMs > 0 ? new TokenError(status.errorCode, { ...cause, retryAfterMs: leftMs }) : null;
  }

  #leftOfPause(
    strategy: RenewalStrategy,
    token: TokenRecord | null,
    status: Status,
    version: string | null,
  ): number {
    const { clock } = this.#options;
    const leftMs = (status.untilMs ?? 0) - clock.now();
    const wholeMs = (status.untilMs ?? 0) - status.atMs;
    // A wall clock that was set back must not turn a short pause into a long one.
    if (leftMs > wholeMs + CLOCK_SLACK_MS) return 0;
    const longestMs = strategy.longestPauseMs(token);
    if (longestMs === Infinity) return leftMs;
    // Counted by this process's own monotonic clock, from when it first saw the failure.
    let seen = this.#seenPauses.get(strategy.key);
    if (seen === undefined || seen.version !== version) {
      seen = { version, sinceMs: clock.monotonic() };
      this.#seenPauses.set(strategy.key, seen);
    }
    return Math.min(leftMs, longestMs - (clock.monotonic() - seen.sinceMs));
  }

  /** Forgets the failures of a record that was renewed. */
  succeeded(strategy: RenewalStrategy): void {
    this.#failures.delete(strategy.key);
  }

  /**
   * A failure that passes: one atomic, `check(lease)`, gives the lease back and starts a cool-down. A failed release is
   * only waited out.
   */
  async coolDown(
    strategy: RenewalStrategy,
    claim: Claim,
    subject: string,
    answer: FailedAnswer,
  ): Promise<void> {
    const { store, clock, leases } = this.#options;
    const facts = factsOf(answer);
    const ownMs = this.#ownPauseMs(strategy, answer, facts);
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
   * Gives the lease back and writes nothing else: what has come says nothing against the token. `check(lease)`. It stays
   * where it has to be remembered that the outcome of a presentation is unknown; one that is absent says as much as one
   * that was given back without that. Where nothing is spent a pause is over too.
   */
  async release(strategy: RenewalStrategy, claim: Claim): Promise<void> {
    const { store } = this.#options;
    await store.write(strategy.name, {
      check: { lease: claim.version },
      ...(strategy.spends ? this.#givenBack(claim) : { set: {}, remove: ["lease", "status"] }),
      deadlineMs: COMMIT_DEADLINE_MS,
    });
  }

  #givenBack(claim: Claim): Pick<RecordChange, "set" | "remove"> {
    const { lease } = claim;
    return lease.unknown
      ? { set: { lease: this.#options.leases.released(claim, true) } }
      : { set: {}, remove: ["lease"] };
  }

  /**
   * Marks the record: `check(token)` and `check(lease)`, since who lost either may not judge, and `check(spare)`, since a
   * spare is adopted instead. Deletes nothing; any newer pair that turns up makes the mark void.
   *
   * @param now the look after the refusal: it showed the token that was presented, and no spare to adopt.
   * @returns whether it was written.
   */
  async mark(strategy: RenewalStrategy, claim: Claim, now: Snapshot, refusal: Refusal): Promise<boolean> {
    const { store, clock } = this.#options;
    const facts = factsOf({ kind: "refused", refusal });
    // Where an answer was lost, its log id is the one that Feishu's support can trace the lost pair by.
    const subject = claim.lease.fp;
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
   * The pause that the server chooses itself, in milliseconds. An answer of `pending` is no failure: it neither counts nor
   * lengthens the pace that Feishu asks for.
   */
  #ownPauseMs(strategy: RenewalStrategy, answer: FailedAnswer, { errorCode }: AnswerFacts): number {
    if (answer.kind === "refused" && answer.refusal.verdict === "pending") return 0;
    const failures = this.#failed(strategy);
    // A cause that somebody has to fix first is not worth asking about every few seconds.
    return ERROR_TABLE[errorCode].retryable
      ? Math.min(COOL_DOWN_FIRST_MS * 2 ** (failures - 1), COOL_DOWN_MAX_MS)
      : COOL_DOWN_MAX_MS;
  }

  /** Returns how many failures in a row there have been. */
  #failed(strategy: RenewalStrategy): number {
    const count = (this.#failures.get(strategy.key) ?? 0) + 1;
    this.#failures.set(strategy.key, count);
    return count;
  }
}

/** The cause in words, as far as a status has room for it. */
function detailOf({ detail }: AnswerFacts): Pick<Status, "detail"> {
  if (detail === undefined) return {};
  const short = (text: string): string => text.slice(0, LONGEST_DETAIL);
  return { detail: { en: short(detail.en), zh: short(detail.zh) } };
}

/** An answer without a token. */
export type FailedAnswer = Exclude<FeishuAnswer, { readonly kind: "issued" }>;

/** What a failed answer tells. */
export interface AnswerFacts {
  /** Our own code. */
  readonly errorCode: Status["errorCode"];
  /** Whether the refresh token may be spent. */
  readonly mayHaveConsumed: boolean;
  /** How long Feishu asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** What happened, in words, where no code of Feishu's says it. */
  readonly detail: Phrase | undefined;
  /** Where more is known than the table's texts say. */
  readonly told?: ToldInstead | undefined;
  /** What the wire told, for the status and the error. */
  readonly wire: { readonly feishuCode?: number; readonly logId?: string };
}

/** What a failed answer tells, whatever its form. */
export function factsOf(answer: FailedAnswer): AnswerFacts {
  switch (answer.kind) {
    case "refused": {
      const { errorCode, mayHaveConsumed, retryAfterMs, detail, told, feishuCode, logId } = answer.refusal;
      return {
        errorCode,
        mayHaveConsumed,
        ...defined({ retryAfterMs }),
        detail,
        told,
        wire: {
          ...defined({ feishuCode, logId }),
        },
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

/** The failure that a caller is told of when nothing was stored about it. */
export function errorOf(answer: FailedAnswer): TokenError {
  const { errorCode, retryAfterMs, detail, told, wire } = factsOf(answer);
  return new TokenError(errorCode, {
    ...wire,
    ...told,
    ...defined({ detail, retryAfterMs }),
  });
}
