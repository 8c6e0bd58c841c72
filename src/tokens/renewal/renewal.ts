import { TokenError } from "../../errors/token_error.ts";
import type { FeishuAnswer, Refusal } from "../../ports/feishu.ts";
import { tokenIn } from "../../ports/record_order.ts";
import type { TokenRecord } from "../../ports/store.ts";
import type { DurablePairs, RecordView } from "./durable_pairs.ts";
import { PresentationCheck } from "./presentation_check.ts";
import { isBroughtByCaller } from "./is_brought_by_caller.ts";
import type { Claim, Leases } from "./leases.ts";
import { LONGEST_POLL_MS, PollBackoff, type PollBackoffOptions, SHORTEST_POLL_MS } from "./poll_backoff.ts";
import type { RenewalStrategy, Renewed } from "./renewal_strategy.ts";
import { rotatesInPlace } from "./record_ref.ts";
import { logAnswer } from "./log_answer.ts";
import { RENEWAL_COME_BACK_MS, renewalInProgress } from "./renewal_in_progress.ts";
import { errorOf, type FailedAnswer, type FailureMarks } from "./failure_marks.ts";

/** A flight ends by itself after this, whatever happens in it. */
const FLIGHT_DEADLINE_MS = 120_000;
/** Within one flight, a cool-down of at most this is waited out instead of reported. */
const IN_FLIGHT_PATIENCE_MS = 2_000;
/** Presentations of one flight, whatever Feishu answers: bounds what the question of one caller can cost. */
const PRESENTATIONS_PER_FLIGHT = 4;

/** How often a mark is tried. Its checks fail when another process has just filed a spare: read and decide again. */
const MARK_ROUNDS = 3;

/**
 * Renews one record, from the first read to the durable pair. The states that comments here name are those of
 * `docs/renewal.md`. A renewal runs detached from its callers, as one flight a record and process.
 */
export class Renewal {
  readonly #options: RenewalOptions;
  readonly #pauses: PollBackoff;
  readonly #presentationCheck: PresentationCheck;

  /** One engine for all kinds of token. */
  constructor(options: RenewalOptions) {
    this.#options = options;
    this.#pauses = new PollBackoff(options);
    this.#presentationCheck = new PresentationCheck(options);
  }

  /**
   * Renews the record of `strategy` unless the store already answers it.
   *
   * @param view the record as the caller has just read it, if it has: then state Read is not repeated. The view may be
   * old, because state Claim checks that the store still shows the same.
   * @throws TokenError why there is no newer token. Nothing stored is lost by it.
   */
  async run(strategy: RenewalStrategy, view?: RecordView): Promise<Renewed> {
    const { marks, clock } = this.#options;
    const flight: Flight = {
      startedMs: clock.monotonic(),
      presentations: 0,
      pausedMs: 0,
      ownClaim: null,
      lastFailure: null,
    };
    try {
      return await this.#renew(strategy, flight, view);
    } catch (error) {
      // Nothing will be presented under this claim, so no other process needs to wait for its lease to end.
      if (flight.ownClaim !== null) await marks.release(strategy, flight.ownClaim);
      const { lastFailure } = flight;
      if (lastFailure === null || !(error instanceof TokenError)) throw error;
      throw error.code === "renewal_in_progress" ? renewalInProgress(lastFailure, error) : error;
    }
  }

  async #renew(strategy: RenewalStrategy, flight: Flight, view?: RecordView): Promise<Renewed> {
    const { pairs, leases, marks, stopping } = this.#options;
    for (let first = view;; first = undefined) {
      this.#assertInTime(flight);
      // State Read: the newest pair that this machine knows, then what its status says against presenting it.
      const snapshot = first ?? await pairs.read(strategy);
      const current = tokenIn(snapshot.token.value);
      if (current !== null && strategy.isDone(current)) {
        const { isDurable, isUnstored } = snapshot;
        return { record: current, asked: false, isDurable, isStored: !isUnstored };
      }
      const subject = strategy.subject(current);
      if (!isClaimed(snapshot, subject, flight.ownClaim)) flight.ownClaim = null;
      const { ownClaim } = flight;
      const failure = marks.explain(strategy, snapshot, subject);
      if (failure !== null) {
        // A mark says that the pair is lost, so a spare may replace it. A cool-down says nothing against the pair.
        const isMarked = snapshot.status.value?.mark !== "cool_down";
        if (!isMarked || !await this.#adoptSpare(strategy, snapshot)) {
          await this.#waitOut(failure, strategy, flight);
        }
        continue;
      }
      // The store still shows the older token: a lease on that would let another process present it.
      if (snapshot.isUnstored) {
        throw new TokenError("store_unavailable", { retryAfterMs: RENEWAL_COME_BACK_MS });
      }
      // State Wait: another process has the lease.
      const claimable = await leases.claimable(strategy.key, snapshot.lease, subject, ownClaim);
      if (claimable.kind === "held") {
        await this.#waitForOwner(claimable.leftMs, strategy, flight);
        continue;
      }
      // Ahead of expiry there is time: the owner of the lost presentation may still write its pair.
      if (claimable.isTakeover && strategy.spends && !strategy.patient) throw renewalInProgress();
      // This process is about to end. The next process to ask takes over instead.
      if (claimable.isTakeover && strategy.spends && stopping.aborted) throw renewalInProgress();
      // State HoldOff: the store has lost the leases of other processes, which may be presenting.
      if (ownClaim === null && this.#presentationCheck.mustHoldOff(strategy, claimable.unknown)) {
        await leases.holdOff(strategy, snapshot, subject);
        continue;
      }
      if (flight.presentations >= PRESENTATIONS_PER_FLIGHT) {
        throw flight.lastFailure ??
          new TokenError("feishu_unavailable", { retryAfterMs: RENEWAL_COME_BACK_MS });
      }
      // State Claim.
      await strategy.prepare(current);
      const claim = await leases.claim(strategy, snapshot, subject, claimable.unknown);
      if (claim === null) {
        await this.#pauses.pause(SHORTEST_POLL_MS);
        continue;
      }
      if (claimable.isTakeover) {
        strategy.log.info("took over a renewal that did not end", { kind: strategy.name.kind });
      }
      // State Check. Nothing was presented under the claim yet, so this flight may claim over it.
      flight.ownClaim = claim;
      const result = await this.#presentationCheck.run(strategy, claim, snapshot, ownClaim !== null);
      // The pair of another presentation was found, or may still come: the lease stays, and others wait for the pair.
      if (result === "read again") flight.ownClaim = null;
      if (result !== "clear") continue;
      // State Present.
      flight.presentations++;
      flight.ownClaim = null;
      const answer = await leases.during(claim, () => this.#present(strategy));
      // State Persist: the pair is made durable before anything else is decided.
      if (answer.kind === "issued") {
        const record = await strategy.successor(current, answer.token);
        const place = await pairs.keep(strategy, record, snapshot);
        marks.succeeded(strategy);
        // If nothing was spent, or Feishu returned the token that was presented, `subject` is unchanged and the lease
        // still counts: it would block the next renewal.
        if (!strategy.spends || record.fp === subject) await marks.release(strategy, claim);
        const isKept = place === "stored" || place === "journaled" || place === "in memory";
        return !isKept
          ? await this.#instead(strategy, record)
          : { record, asked: true, isStored: place === "stored", isDurable: place !== "in memory" };
      }
      await this.#settle(strategy, flight, claim, subject, answer);
    }
  }

  /**
   * What the store has instead of `record`, which it has outranked. A pair of a grant that is outranked, or that a logout has
   * ended, is never served. That of a link is, if nothing else can be found: it works, and is kept nowhere.
   *
   * @throws TokenError `not_logged_in` when a logout has ended the grant; `store_unavailable` or `store_unreadable` when
   * nobody can tell.
   */
  async #instead(strategy: RenewalStrategy, record: TokenRecord): Promise<Renewed> {
    const isGrant = rotatesInPlace(strategy);
    const view = await this.#options.pairs.read(strategy).catch((error: unknown) => {
      if (isGrant) throw error;
      return null;
    });
    const stored = tokenIn(view?.token.value ?? null);
    if (isGrant && stored === null) throw new TokenError("not_logged_in");
    if (view === null || stored === null || !(isGrant || strategy.isDone(stored))) {
      return { record, asked: true, isStored: false, isDurable: false };
    }
    return { record: stored, asked: false, isStored: !view.isUnstored, isDurable: view.isDurable };
  }

  /** State Judge. Returns when the flight may read the record again. */
  async #settle(
    strategy: RenewalStrategy,
    flight: Flight,
    claim: Claim,
    subject: string,
    answer: FailedAnswer,
  ): Promise<void> {
    const { marks } = this.#options;
    flight.lastFailure = errorOf(answer);
    strategy.onFailure?.(flight.lastFailure);
    if (answer.kind === "unanswered" && answer.sent && strategy.spends) {
      // Feishu may still be processing the request. The lease runs out; then the outcome counts as unknown.
      return;
    }
    if (answer.kind !== "refused") return await marks.coolDown(strategy, claim, subject, answer);
    switch (answer.refusal.verdict) {
      case "transient":
      case "pending":
        return await marks.coolDown(strategy, claim, subject, answer);
      case "config":
        flight.ownClaim = claim;
        throw flight.lastFailure;
      case "app_token":
        if (await this.#otherWay(strategy, flight, claim, answer.refusal)) return;
        return await marks.coolDown(strategy, claim, subject, answer);
      case "wrong_endpoint":
        if (await this.#otherWay(strategy, flight, claim, answer.refusal)) return;
        break;
      case "ambiguous":
      case "permanent":
        break;
    }
    // A mark says that a refresh token is lost. An app token spends none.
    if (strategy.spends) await this.#mark(strategy, flight, claim, answer.refusal);
    else await marks.coolDown(strategy, claim, subject, answer);
  }

  /** Whether, after a refusal that spent nothing, another endpoint or app token can be tried under the same claim. */
  async #otherWay(
    strategy: RenewalStrategy,
    flight: Flight,
    claim: Claim,
    refusal: Refusal,
  ): Promise<boolean> {
    flight.ownClaim = claim;
    if (await strategy.hasAnotherWay(refusal)) return true;
    flight.ownClaim = null;
    return false;
  }

  async #mark(
    strategy: RenewalStrategy,
    flight: Flight,
    claim: Claim,
    refusal: Refusal,
  ): Promise<void> {
    const { pairs, marks } = this.#options;
    for (let round = 0; round < MARK_ROUNDS; round++) {
      // If another process has stored a newer pair meanwhile, the refusal was about an old token.
      const now = await pairs.read(strategy);
      const isSame = now.token.version === claim.snapshot.token.version && !now.isUnstored;
      if (!isSame || strategy.isDone(tokenIn(now.token.value))) return;
      if (await this.#adoptSpare(strategy, now)) return;
      // `read()` reads the journal before the store. A login may have been journaled in between.
      if (await pairs.knowsBeyond(strategy, now, null)) continue;
      if (await marks.mark(strategy, claim, now, refusal)) {
        const level = isBroughtByCaller(strategy) ? "debug" : "warn";
        strategy.log[level]("record marked", {
          kind: strategy.name.kind,
          mark: claim.lease.unknown ? "rotation_outcome_unknown" : "needs_login",
          error_code: refusal.errorCode,
          feishu_code: refusal.feishuCode,
          feishu_log_id: refusal.logId,
        });
        return;
      }
      // Not marked: another process filed a spare, or changed the token or the lease; or the store is away.
    }
    flight.lastFailure = errorOf({ kind: "refused", refusal });
    await this.#pauses.pause(LONGEST_POLL_MS);
  }

  /** Whether there was a spare to adopt. The next read tells whether it is in place. */
  async #adoptSpare(strategy: RenewalStrategy, view: RecordView): Promise<boolean> {
    const outcome = await this.#options.pairs.adopt(strategy, view);
    if (outcome === null) return false;
    if (outcome.kind === "ok") strategy.log.warn("adopted the spare pair", { kind: strategy.name.kind });
    else await this.#pauses.pause(SHORTEST_POLL_MS);
    return true;
  }

  async #present(strategy: RenewalStrategy): Promise<FeishuAnswer> {
    const { clock } = this.#options;
    const startedMs = clock.monotonic();
    const answer = await strategy.present(strategy.limits.attemptTimeoutMs);
    logAnswer(strategy, answer, clock.monotonic() - startedMs);
    return answer;
  }

  /** State Wait, for a cool-down: waits for one that is nearly over, if a caller waits for the token. A mark is final. */
  async #waitOut(failure: TokenError, strategy: RenewalStrategy, flight: Flight): Promise<void> {
    const { pausePatienceMs, clock } = this.#options;
    const { retryAfterMs } = failure.detail;
    if (retryAfterMs === undefined || !strategy.patient) throw failure;
    if (flight.presentations >= PRESENTATIONS_PER_FLIGHT) throw failure;
    if (flight.presentations > 0 || pausePatienceMs === undefined) {
      if (retryAfterMs > IN_FLIGHT_PATIENCE_MS) throw failure;
      return await this.#pauses.pause(retryAfterMs);
    }
    // Another flight has failed. The cause may be gone by now, and this flight has tried nothing yet.
    const mostMs = pausePatienceMs - flight.pausedMs;
    if (retryAfterMs > mostMs) throw failure;
    const startedMs = clock.monotonic();
    await this.#pauses.pause(retryAfterMs, mostMs);
    flight.pausedMs += clock.monotonic() - startedMs;
  }

  /** State Wait, for a lease. A renewal ahead of expiry does not wait: callers are served the current token meanwhile. */
  async #waitForOwner(leftMs: number, strategy: RenewalStrategy, flight: Flight): Promise<void> {
    if (!strategy.patient) throw renewalInProgress();
    await this.#pauses.poll(leftMs, flight.startedMs);
  }

  #assertInTime(flight: Flight): void {
    if (this.#options.clock.monotonic() - flight.startedMs < FLIGHT_DEADLINE_MS) return;
    throw renewalInProgress();
  }
}

/** What {@linkcode Renewal} needs. */
export interface RenewalOptions extends PollBackoffOptions {
  /**
   * Longest total wait of a flight that has presented nothing yet for cool-downs, in milliseconds. Without it a flight
   * waits for each cool-down that is nearly over.
   */
  readonly pausePatienceMs?: number | undefined;
  /** Makes issued pairs durable. */
  readonly pairs: DurablePairs;
  /** Decides who may present. */
  readonly leases: Leases;
  /** Remembers what Feishu refused. */
  readonly marks: FailureMarks;
}

/** What one flight has done so far. */
interface Flight {
  readonly startedMs: number;
  presentations: number;
  /** Milliseconds waited so far for cool-downs that other flights have begun. */
  pausedMs: number;
  /**
   * Our claim, if nothing was presented under it, or Feishu refused without consuming the token. The next claim may
   * replace it at once.
   */
  ownClaim: Claim | null;
  lastFailure: TokenError | null;
}

/** Whether the store still shows `claim`, and it is about the token to present. */
function isClaimed({ lease }: RecordView, subject: string, claim: Claim | null): boolean {
  return claim !== null && claim.lease.fp === subject && claim.lease.nonce === lease.value?.nonce;
}
