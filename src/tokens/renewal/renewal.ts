import { TokenError } from "../../errors/token_error.ts";
import type { FeishuAnswer, Refusal } from "../../ports/feishu.ts";
import { tokenIn } from "../../ports/record_order.ts";
import type { TokenRecord } from "../../ports/store.ts";
import { FLIGHT_DEADLINE_MS, IN_FLIGHT_PATIENCE_MS, PRESENTATIONS_PER_FLIGHT } from "./limits.ts";
import type { DurablePairs, RecordView } from "./durable_pairs.ts";
import { PresentationCheck } from "./presentation_check.ts";
import { isBroughtByCaller } from "./is_brought_by_caller.ts";
import type { Claim, Leases } from "./leases.ts";
import { LONGEST_POLL_MS, PollBackoff, type PollBackoffOptions, SHORTEST_POLL_MS } from "./poll_backoff.ts";
import type { RenewalStrategy, Renewed } from "./renewal_strategy.ts";
import { logAnswer } from "./log_answer.ts";
import { COME_BACK_MS, renewalInProgress } from "./renewal_in_progress.ts";
import { errorOf, type FailedAnswer, type FailureMarks } from "./failure_marks.ts";

/** A mark that did not go through is tried again after a look: its checks may have failed for a spare that was filed. */
const MARK_ROUNDS = 3;

/** What {@linkcode Renewal} needs. */
export interface RenewalOptions extends PollBackoffOptions {
  /**
   * Longest wait in all, in milliseconds, of a flight that has presented nothing yet for pauses after failures; without it
   * each that is nearly over is waited out.
   */
  readonly pausePatienceMs?: number | undefined;
  /** Keeps what Feishu issues. */
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
  /** Waited so far for pauses that other flights have begun, in milliseconds. */
  pausedMs: number;
  /** A claim under which the token cannot have been consumed: it may be claimed over. */
  mine: Claim | null;
  lastFailure: TokenError | null;
}

/**
 * The renewal of one record, from the look at the store to the kept pair: `docs/storage.md` has the keys, the comments
 * here the steps of the protocol. Runs detached from its callers, one flight a record and process.
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
   * @param looked the last look at the record, if there was one: the first step is then taken. However long ago it was, the
   * claim checks that the store still shows the same, and the last look is yet to come.
   * @throws TokenError why there is no newer token. Nothing stored is lost by it.
   */
  async run(strategy: RenewalStrategy, looked?: RecordView): Promise<Renewed> {
    const { marks, clock } = this.#options;
    const flight: Flight = {
      startedMs: clock.monotonic(),
      presentations: 0,
      pausedMs: 0,
      mine: null,
      lastFailure: null,
    };
    try {
      return await this.#renew(strategy, flight, looked);
    } catch (error) {
      // Nobody shall wait for a lease under which nothing is done any more.
      if (flight.mine !== null) await marks.release(strategy, flight.mine);
      const { lastFailure } = flight;
      if (lastFailure === null || !(error instanceof TokenError)) throw error;
      throw error.code === "renewal_in_progress" ? renewalInProgress(lastFailure, error) : error;
    }
  }

  async #renew(strategy: RenewalStrategy, flight: Flight, looked?: RecordView): Promise<Renewed> {
    const { pairs, leases, marks, stopping } = this.#options;
    for (let first = looked;; first = undefined) {
      this.#stillInTime(flight);
      // Step 2: the newest that anybody on this machine knows of, then what is known against presenting it.
      const snapshot = first ?? await pairs.read(strategy);
      const current = tokenIn(snapshot.token.value);
      if (current !== null && strategy.isDone(current)) {
        const { isDurable, isUnstored } = snapshot;
        return { record: current, asked: false, isDurable, isStored: !isUnstored };
      }
      const subject = strategy.subject(current);
      if (!isClaimed(snapshot, subject, flight.mine)) flight.mine = null;
      const held = flight.mine;
      const known = marks.reading(strategy, snapshot, subject);
      if (known !== null) {
        // Only a mark says that the pair is lost; a pause says nothing against it.
        const isMarked = snapshot.status.value?.mark !== "cool_down";
        if (!isMarked || !await this.#adoptSpare(strategy, snapshot)) {
          await this.#waitOut(known, strategy, flight);
        }
        continue;
      }
      // Under a lease on what the store still shows, somebody else could present the older token.
      if (snapshot.isUnstored) throw new TokenError("store_unavailable", { retryAfterMs: COME_BACK_MS });
      // Steps 3 and 4: claim, or wait for whoever has the lease.
      const claimable = await leases.claimable(strategy.key, snapshot.lease, subject, held);
      if (claimable.kind === "held") {
        await this.#waitForOwner(claimable.leftMs, strategy, flight);
        continue;
      }
      // Ahead of expiry there is time: the pair that a lost presentation has brought may still turn up.
      if (claimable.isTakeover && strategy.spends && !strategy.patient) throw renewalInProgress();
      // Whoever comes next takes over as well, and is not about to end.
      if (claimable.isTakeover && strategy.spends && stopping.aborted) throw renewalInProgress();
      if (held === null && this.#presentationCheck.mustHoldOff(strategy, claimable.unknown)) {
        await leases.holdOff(strategy, snapshot, subject);
        continue;
      }
      if (flight.presentations >= PRESENTATIONS_PER_FLIGHT) {
        throw flight.lastFailure ?? new TokenError("feishu_unavailable", { retryAfterMs: COME_BACK_MS });
      }
      await strategy.prepare(current);
      const claim = await leases.claim(strategy, snapshot, subject, claimable.unknown);
      if (claim === null) {
        await this.#pauses.pause(SHORTEST_POLL_MS);
        continue;
      }
      if (claimable.isTakeover) {
        strategy.log.info("took over a renewal that did not end", { kind: strategy.name.kind });
      }
      // Step 5: nothing was presented under it, and so it may be claimed over.
      flight.mine = claim;
      const found = await this.#presentationCheck.take(strategy, claim, snapshot, held !== null);
      // What came of another presentation has turned up, or is yet to: others have to wait for that.
      if (found === "more") flight.mine = null;
      if (found !== "nothing") continue;
      flight.presentations++;
      flight.mine = null;
      const answer = await leases.during(claim, () => this.#present(strategy));
      // Step 6: kept first, judged afterwards.
      if (answer.kind === "issued") {
        const record = await strategy.successor(current, answer.token);
        const place = await pairs.keep(strategy, record, snapshot);
        marks.succeeded(strategy);
        // The lease still counts where nothing was spent, or where the very same token has come back: it would be in the way
        // of the next renewal.
        if (!strategy.spends || record.fp === subject) await marks.release(strategy, claim);
        // The user logged out while Feishu was asked: nobody is served from then on.
        if (place === "ended") throw new TokenError("not_logged_in");
        return place === "outranked"
          ? await this.#instead(strategy, record)
          : { record, asked: true, isStored: place === "stored", isDurable: place !== "in memory" };
      }
      await this.#settle(strategy, flight, claim, subject, answer);
    }
  }

  /**
   * What the store has instead of `record`, where that answers too: somebody else was faster. Else that one all the same, which
   * is kept nowhere.
   */
  async #instead(strategy: RenewalStrategy, record: TokenRecord): Promise<Renewed> {
    const look = await this.#options.pairs.read(strategy).catch(() => null);
    const stored = tokenIn(look?.token.value ?? null);
    if (look === null || stored === null || !strategy.isDone(stored)) {
      return { record, asked: true, isStored: false, isDurable: false };
    }
    return { record: stored, asked: false, isStored: !look.isUnstored, isDurable: look.isDurable };
  }

  /** Step 7. Returns when the flight may look again. */
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
      // Feishu may still be at it: the lease is left to be over, then the outcome counts as unknown.
      return;
    }
    if (answer.kind !== "refused") return await marks.coolDown(strategy, claim, subject, answer);
    switch (answer.refusal.verdict) {
      case "transient":
      case "pending":
        return await marks.coolDown(strategy, claim, subject, answer);
      case "config":
        flight.mine = claim;
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
    // A mark says that a token is lost; where nothing is spent there is none to lose.
    if (strategy.spends) await this.#mark(strategy, flight, claim, answer.refusal);
    else await marks.coolDown(strategy, claim, subject, answer);
  }

  /** Feishu has refused and spent nothing: whether there is another way to ask, under the same claim. */
  async #otherWay(
    strategy: RenewalStrategy,
    flight: Flight,
    claim: Claim,
    refusal: Refusal,
  ): Promise<boolean> {
    flight.mine = claim;
    if (await strategy.hasAnotherWay(refusal)) return true;
    flight.mine = null;
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
      // Somebody may have stored a newer pair meanwhile; then the refusal was about a token that is history.
      const now = await pairs.read(strategy);
      const isSame = now.token.version === claim.snapshot.token.version && !now.isUnstored;
      if (!isSame || strategy.isDone(tokenIn(now.token.value))) return;
      if (await this.#adoptSpare(strategy, now)) return;
      // A login may have been journaled since that look at the journal, which comes before the store's.
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
      // Not marked: a spare was filed, somebody moved the token or the lease, or the store is away.
    }
    flight.lastFailure = errorOf({ kind: "refused", refusal });
    await this.#pauses.pause(LONGEST_POLL_MS);
  }

  /** Whether there was another pair of the same generation to go on with; the next look tells whether it is in place. */
  async #adoptSpare(strategy: RenewalStrategy, look: RecordView): Promise<boolean> {
    const outcome = await this.#options.pairs.adopt(strategy, look);
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

  /** A mark is final; a cool-down that is nearly over is waited out, if somebody waits for the token. */
  async #waitOut(known: TokenError, strategy: RenewalStrategy, flight: Flight): Promise<void> {
    const { pausePatienceMs, clock } = this.#options;
    const { retryAfterMs } = known.detail;
    if (retryAfterMs === undefined || !strategy.patient) throw known;
    if (flight.presentations >= PRESENTATIONS_PER_FLIGHT) throw known;
    if (flight.presentations > 0 || pausePatienceMs === undefined) {
      if (retryAfterMs > IN_FLIGHT_PATIENCE_MS) throw known;
      return await this.#pauses.pause(retryAfterMs);
    }
    // Somebody else's failure: its cause may be gone since, and nothing was tried here yet.
    const mostMs = pausePatienceMs - flight.pausedMs;
    if (retryAfterMs > mostMs) throw known;
    const startedMs = clock.monotonic();
    await this.#pauses.pause(retryAfterMs, mostMs);
    flight.pausedMs += clock.monotonic() - startedMs;
  }

  /** Step 4. Ahead of expiry nobody needs to wait: the token is served meanwhile, and whoever has the lease is at it. */
  async #waitForOwner(leftMs: number, strategy: RenewalStrategy, flight: Flight): Promise<void> {
    if (!strategy.patient) throw renewalInProgress();
    await this.#pauses.poll(leftMs, flight.startedMs);
  }

  #stillInTime(flight: Flight): void {
    if (this.#options.clock.monotonic() - flight.startedMs < FLIGHT_DEADLINE_MS) return;
    throw renewalInProgress();
  }
}

/** Whether the store still shows `mine`, and it is about what is to be presented. */
function isClaimed({ lease }: RecordView, subject: string, mine: Claim | null): boolean {
  return mine !== null && mine.lease.fp === subject && mine.lease.nonce === lease.value?.nonce;
}
