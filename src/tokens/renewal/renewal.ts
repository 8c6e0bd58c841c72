import { TokenError } from "../../errors/token_error.ts";
import type { FeishuAnswer, Refusal } from "../../ports/feishu.ts";
import { tokenIn } from "../../ports/record_order.ts";
import type { TokenRecord } from "../../ports/store.ts";
import { FLIGHT_DEADLINE_MS, IN_FLIGHT_PATIENCE_MS, PRESENTATIONS_PER_FLIGHT } from "./limits.ts";
import type { Keeper, Look } from "./durable_pairs.ts";
import { LastLook } from "./presentation_check.ts";
import { isStrangers } from "./is_brought_by_caller.ts";
import type { Claim, Leases } from "./leases.ts";
import { LONGEST_POLL_MS, Pauses, type PausesOptions, SHORTEST_POLL_MS } from "./poll_backoff.ts";
import type { RenewalJob, Renewed } from "./renewal_strategy.ts";
import { logAnswer } from "./log_answer.ts";
import { COME_BACK_MS, renewalInProgress } from "./renewal_in_progress.ts";
import { errorOf, type FailedAnswer, type Verdicts } from "./failure_marks.ts";

/** A mark that did not go through is tried again after a look: its checks may have failed for a spare that was filed. */
const MARK_ROUNDS = 3;

/** What {@linkcode Renewal} needs. */
export interface RenewalOptions extends PausesOptions {
  /**
   * Longest wait in all, in milliseconds, of a flight that has presented nothing yet for pauses after failures; without it
   * each that is nearly over is waited out.
   */
  readonly pausePatienceMs?: number | undefined;
  /** Keeps what Feishu issues. */
  readonly keeper: Keeper;
  /** Decides who may present. */
  readonly leases: Leases;
  /** Remembers what Feishu refused. */
  readonly verdicts: Verdicts;
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
  readonly #pauses: Pauses;
  readonly #lastLook: LastLook;

  /** One engine for all kinds of token. */
  constructor(options: RenewalOptions) {
    this.#options = options;
    this.#pauses = new Pauses(options);
    this.#lastLook = new LastLook(options);
  }

  /**
   * Renews the record of `job` unless the store already answers it.
   *
   * @param looked the last look at the record, if there was one: the first step is then taken. However long ago it was, the
   * claim checks that the store still shows the same, and the last look is yet to come.
   * @throws TokenError why there is no newer token. Nothing stored is lost by it.
   */
  async run(job: RenewalJob, looked?: Look): Promise<Renewed> {
    const { verdicts, clock } = this.#options;
    const flight: Flight = {
      startedMs: clock.monotonic(),
      presentations: 0,
      pausedMs: 0,
      mine: null,
      lastFailure: null,
    };
    try {
      return await this.#renew(job, flight, looked);
    } catch (error) {
      // Nobody shall wait for a lease under which nothing is done any more.
      if (flight.mine !== null) await verdicts.release(job, flight.mine);
      const { lastFailure } = flight;
      if (lastFailure === null || !(error instanceof TokenError)) throw error;
      throw error.code === "renewal_in_progress" ? renewalInProgress(lastFailure, error) : error;
    }
  }

  async #renew(job: RenewalJob, flight: Flight, looked?: Look): Promise<Renewed> {
    const { keeper, leases, verdicts, stopping } = this.#options;
    for (let first = looked;; first = undefined) {
      this.#stillInTime(flight);
      // Step 2: the newest that anybody on this machine knows of, then what is known against presenting it.
      const snapshot = first ?? await keeper.read(job);
      const current = tokenIn(snapshot.token.value);
      if (current !== null && job.isDone(current)) {
        const { isDurable, isUnstored } = snapshot;
        return { record: current, asked: false, isDurable, isStored: !isUnstored };
      }
      const subject = job.subject(current);
      if (!isClaimed(snapshot, subject, flight.mine)) flight.mine = null;
      const held = flight.mine;
      const known = verdicts.reading(job, snapshot, subject);
      if (known !== null) {
        // Only a mark says that the pair is lost; a pause says nothing against it.
        const isMarked = snapshot.status.value?.mark !== "cool_down";
        if (!isMarked || !await this.#adoptSpare(job, snapshot)) await this.#waitOut(known, job, flight);
        continue;
      }
      // Under a lease on what the store still shows, somebody else could present the older token.
      if (snapshot.isUnstored) throw new TokenError("store_unavailable", { retryAfterMs: COME_BACK_MS });
      // Steps 3 and 4: claim, or wait for whoever has the lease.
      const claimable = await leases.claimable(job.key, snapshot.lease, subject, held);
      if (claimable.kind === "held") {
        await this.#waitForOwner(claimable.leftMs, job, flight);
        continue;
      }
      // Ahead of expiry there is time: the pair that a lost presentation has brought may still turn up.
      if (claimable.isTakeover && job.spends && !job.patient) throw renewalInProgress();
      // Whoever comes next takes over as well, and is not about to end.
      if (claimable.isTakeover && job.spends && stopping.aborted) throw renewalInProgress();
      if (held === null && this.#lastLook.mustHoldOff(job, claimable.unknown)) {
        await leases.holdOff(job, snapshot, subject);
        continue;
      }
      if (flight.presentations >= PRESENTATIONS_PER_FLIGHT) {
        throw flight.lastFailure ?? new TokenError("feishu_unavailable", { retryAfterMs: COME_BACK_MS });
      }
      await job.prepare(current);
      const claim = await leases.claim(job, snapshot, subject, claimable.unknown);
      if (claim === null) {
        await this.#pauses.pause(SHORTEST_POLL_MS);
        continue;
      }
      if (claimable.isTakeover) job.log.info("took over a renewal that did not end", { kind: job.name.kind });
      // Step 5: nothing was presented under it, and so it may be claimed over.
      flight.mine = claim;
      const found = await this.#lastLook.take(job, claim, snapshot, held !== null);
      // What came of another presentation has turned up, or is yet to: others have to wait for that.
      if (found === "more") flight.mine = null;
      if (found !== "nothing") continue;
      flight.presentations++;
      flight.mine = null;
      const answer = await leases.during(claim, () => this.#present(job));
      // Step 6: kept first, judged afterwards.
      if (answer.kind === "issued") {
        const record = await job.successor(current, answer.token);
        const kept = await keeper.keep(job, record, snapshot);
        verdicts.succeeded(job);
        // The lease still counts where nothing was spent, or where the very same token has come back: it would be in the way
        // of the next renewal.
        if (!job.spends || record.fp === subject) await verdicts.release(job, claim);
        return kept === "outranked"
          ? await this.#instead(job, record)
          : { record, asked: true, isStored: kept === "stored", isDurable: kept !== "in memory" };
      }
      await this.#settle(job, flight, claim, subject, answer);
    }
  }

  /**
   * What the store has instead of `record`, where that answers too: somebody else was faster. Else that one all the same, which
   * is kept nowhere.
   */
  async #instead(job: RenewalJob, record: TokenRecord): Promise<Renewed> {
    const look = await this.#options.keeper.read(job).catch(() => null);
    const stored = tokenIn(look?.token.value ?? null);
    if (look === null || stored === null || !job.isDone(stored)) {
      return { record, asked: true, isStored: false, isDurable: false };
    }
    return { record: stored, asked: false, isStored: !look.isUnstored, isDurable: look.isDurable };
  }

  /** Step 7. Returns when the flight may look again. */
  async #settle(
    job: RenewalJob,
    flight: Flight,
    claim: Claim,
    subject: string,
    answer: FailedAnswer,
  ): Promise<void> {
    const { verdicts } = this.#options;
    flight.lastFailure = errorOf(answer);
    job.onFailure?.(flight.lastFailure);
    if (answer.kind === "unanswered" && answer.sent && job.spends) {
      // Feishu may still be at it: the lease is left to be over, then the outcome counts as unknown.
      return;
    }
    if (answer.kind !== "refused") return await verdicts.coolDown(job, claim, subject, answer);
    switch (answer.refusal.verdict) {
      case "transient":
        return await verdicts.coolDown(job, claim, subject, answer);
      case "config":
        flight.mine = claim;
        throw flight.lastFailure;
      case "app_token":
        if (await this.#otherWay(job, flight, claim, answer.refusal)) return;
        return await verdicts.coolDown(job, claim, subject, answer);
      case "wrong_endpoint":
        if (await this.#otherWay(job, flight, claim, answer.refusal)) return;
        break;
      case "ambiguous":
      case "permanent":
        break;
    }
    // A mark says that a token is lost; where nothing is spent there is none to lose.
    if (job.spends) await this.#mark(job, flight, claim, answer.refusal);
    else await verdicts.coolDown(job, claim, subject, answer);
  }

  /** Feishu has refused and spent nothing: whether there is another way to ask, under the same claim. */
  async #otherWay(job: RenewalJob, flight: Flight, claim: Claim, refusal: Refusal): Promise<boolean> {
    flight.mine = claim;
    if (await job.hasAnotherWay(refusal)) return true;
    flight.mine = null;
    return false;
  }

  async #mark(
    job: RenewalJob,
    flight: Flight,
    claim: Claim,
    refusal: Refusal,
  ): Promise<void> {
    const { keeper, verdicts } = this.#options;
    for (let round = 0; round < MARK_ROUNDS; round++) {
      // Somebody may have stored a newer pair meanwhile; then the refusal was about a token that is history.
      const now = await keeper.read(job);
      const isSame = now.token.version === claim.snapshot.token.version && !now.isUnstored;
      if (!isSame || job.isDone(tokenIn(now.token.value))) return;
      if (await this.#adoptSpare(job, now)) return;
      // A login may have been journaled since that look at the journal, which comes before the store's.
      if (await keeper.knowsBeyond(job, now, null)) continue;
      if (await verdicts.mark(job, claim, now, refusal)) {
        const level = isStrangers(job) ? "debug" : "warn";
        job.log[level]("record marked", {
          kind: job.name.kind,
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
  async #adoptSpare(job: RenewalJob, look: Look): Promise<boolean> {
    const outcome = await this.#options.keeper.adopt(job, look);
    if (outcome === null) return false;
    if (outcome.kind === "ok") job.log.warn("adopted the spare pair", { kind: job.name.kind });
    else await this.#pauses.pause(SHORTEST_POLL_MS);
    return true;
  }

  async #present(job: RenewalJob): Promise<FeishuAnswer> {
    const { clock } = this.#options;
    const startedMs = clock.monotonic();
    const answer = await job.present(job.limits.attemptTimeoutMs);
    logAnswer(job, answer, clock.monotonic() - startedMs);
    return answer;
  }

  /** A mark is final; a cool-down that is nearly over is waited out, if somebody waits for the token. */
  async #waitOut(known: TokenError, job: RenewalJob, flight: Flight): Promise<void> {
    const { pausePatienceMs, clock } = this.#options;
    const { retryAfterMs } = known.detail;
    if (retryAfterMs === undefined || !job.patient) throw known;
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
  async #waitForOwner(leftMs: number, job: RenewalJob, flight: Flight): Promise<void> {
    if (!job.patient) throw renewalInProgress();
    await this.#pauses.poll(leftMs, flight.startedMs);
  }

  #stillInTime(flight: Flight): void {
    if (this.#options.clock.monotonic() - flight.startedMs < FLIGHT_DEADLINE_MS) return;
    throw renewalInProgress();
  }
}

/** Whether the store still shows `mine`, and it is about what is to be presented. */
function isClaimed({ lease }: Look, subject: string, mine: Claim | null): boolean {
  return mine !== null && mine.lease.fp === subject && mine.lease.nonce === lease.value?.nonce;
}
