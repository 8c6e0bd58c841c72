import { errorClass } from "../../errors/error_class.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AppCredentials, FeishuPort } from "../../ports/feishu.ts";
import type { Fingerprints, RecordStore, TokenRecord } from "../../ports/store.ts";
import type { CallContext, UserTokenResult } from "../../ports/tokens.ts";
import type { Secret } from "../../secret.ts";
import { acceptedMsAgo } from "../app/accepted_ms_ago.ts";
import type { AppTokens } from "../app/app_tokens.ts";
import { callerKey, Chain, type Link } from "./chain.ts";
import { withinCallerDeadline } from "../renewal/within_caller_deadline.ts";
import { COMMIT_DEADLINE_MS } from "../renewal/limits.ts";
import type { SingleFlight } from "../../concurrency/single_flight.ts";
import type { DurablePairs, RecordView } from "../renewal/durable_pairs.ts";
import { isJustIssued } from "./is_just_issued.ts";
import { remainingMs, SERVE_FLOOR_MS, USER_MANDATORY_MS } from "../renewal/remaining_ms.ts";
import { noRefreshToken, pairNotKept, sameToken } from "./pair_failures.ts";
import type { RefreshEndpoints } from "./refresh_endpoints.ts";
import type { Renewal } from "../renewal/renewal.ts";
import type { Renewed } from "../renewal/renewal_strategy.ts";
import { CoalescedReads } from "../../concurrency/coalesced_reads.ts";
import type { UnprovenSecrets } from "../app/unproven_secrets.ts";
import { UserTokenStrategy } from "./user_token_strategy.ts";
import { userTokenResult } from "./user_token_result.ts";

/**
 * Caller-held refresh tokens. Each token presented names a record that holds its successor, so that the records form a
 * chain: any token of it, presented again, is answered with the newest pair.
 */
export class UserTokens {
  readonly #options: UserTokensOptions;
  /** By a question's words. */
  readonly #looks = new CoalescedReads<Outcome>();
  /** The flight that a question waits for, by its words. */
  readonly #flights = new Map<string, string>();
  /** What the last attempt of a flight met that is in the air. */
  readonly #met = new Map<string, TokenError>();

  /** For one process. */
  constructor(options: UserTokensOptions) {
    this.#options = options;
  }

  /**
   * Spends `presented`, or answers with the newest pair of its chain; one with less than five minutes left is renewed
   * first, and so is one whose access token is `rejected`.
   *
   * @param rejected an access token that does not work although its time is not up.
   * @throws TokenError why there is no pair. What is kept stays kept.
   */
  async refresh(
    credentials: AppCredentials,
    presented: Secret,
    call: CallContext,
    rejected?: Secret,
  ): Promise<UserTokenResult> {
    const { fingerprints, flights, clock } = this.#options;
    const secretFp = await fingerprints.ofAppSecret(credentials);
    const words = JSON.stringify([secretFp, presented.reveal(), rejected?.reveal()]);
    const question = { words, credentials, secretFp, presented, rejected, call };
    const work = flights.detach(async () => {
      const outcome = await this.#looks.run(words, () => this.#look(question));
      return await outcome();
    });
    const met = (): TokenError | undefined => this.#met.get(this.#flights.get(words) ?? "");
    return await withinCallerDeadline(clock, work, { ...call, met });
  }

  async #look(question: Question): Promise<Outcome> {
    const chain = new Chain(this.#options, question.credentials);
    const trouble = await chain.followAsFarAsPossible(question.presented);
    let answered: Promise<UserTokenResult> | undefined;
    return () => answered ??= this.#answer(question, chain, trouble);
  }

  async #answer(question: Question, chain: Chain, trouble: TokenError | null): Promise<UserTokenResult> {
    const { credentials, rejected, call } = question;
    const { newest } = chain;
    const kept = newest?.record ?? this.#noteOf(chain, rejected);
    if (kept === undefined) return await this.#renewed(question, chain, trouble);
    const isStoreAway = trouble?.code === "store_unavailable";
    await this.#options.appTokens.prove(credentials, kept.secretFp, call, isStoreAway);
    const nowMs = this.#options.clock.now();
    if (isWith(kept, rejected) && isJustIssued(kept, nowMs)) {
      return userTokenResult(kept, { replayed: true, warning: sameToken(kept, nowMs) });
    }
    if (newest === undefined) return userTokenResult(kept, { replayed: true });
    if (!this.#isGood(kept, rejected)) return await this.#renewed(question, chain, trouble);
    if (trouble === null) this.#shorten(question, chain);
    const warning = trouble === null ? {} : { warning: trouble };
    return userTokenResult(kept, { replayed: true, ...warning, ...this.#warningOf(newest) });
  }

  /**
   * The pair of the refresh token presented, noted when a report has brought it. It counts for a report alone, and for a minute:
   * so long Feishu is not asked again, whichever access token is reported.
   */
  #noteOf({ end }: Chain, rejected: Secret | undefined): TokenRecord | undefined {
    const note = rejected === undefined ? null : end?.spare.value ?? null;
    return note !== null && isJustIssued(note, this.#options.clock.now()) ? note : undefined;
  }

  async #renewed(question: Question, chain: Chain, trouble: TokenError | null): Promise<UserTokenResult> {
    const { clock } = this.#options;
    const { rejected } = question;
    let fallback = chain.newest?.record;
    try {
      if (trouble !== null) throw trouble;
      let { tail, asked } = await this.#extend(question, chain);
      if (isWith(tail.record, rejected) && !isJustIssued(tail.record, clock.now())) {
        // Somebody else's renewal has brought the very token that is reported.
        fallback = tail.record;
        ({ tail, asked } = await this.#extend(question, chain));
      }
      this.#shorten(question, chain);
      if (asked && rejected !== undefined) await this.#note(question, tail.record);
      const warning = isWith(tail.record, rejected)
        ? { warning: sameToken(tail.record, clock.now()) }
        : this.#warningOf(tail);
      return userTokenResult(tail.record, { replayed: !asked, ...warning });
    } catch (error) {
      // A failure takes nothing away: what is kept is served while it works.
      if (!(error instanceof TokenError) || fallback === undefined) throw error;
      if (this.#hasEnded(fallback) || isWith(fallback, rejected)) throw error;
      return userTokenResult(fallback, { replayed: true, warning: error });
    }
  }

  /** Renews the end of `chain`, or follows on to what somebody else's renewal has brought meanwhile. */
  async #extend(question: Question, chain: Chain): Promise<{ readonly tail: Link; readonly asked: boolean }> {
    const { credentials, secretFp, call } = question;
    const last = chain.newest?.record;
    const next = last === undefined ? question.presented : last.token.refreshToken;
    if (next === undefined) throw noRefreshToken();
    const strategy = await this.#strategy(question, next, last);
    const renewed = await this.#renew(question, strategy, chain.end);
    if (!renewed.asked) await this.#followOn(question, chain, next);
    if (chain.newest?.record === last) chain.append(strategy, renewed);
    const { newest: tail } = chain;
    if (tail === undefined) throw new RangeError("A renewal without a record");
    // The secret that it was got with proves nothing about ours.
    const { secretFp: provenFp } = tail.record;
    if (provenFp !== secretFp) await this.#options.appTokens.prove(credentials, provenFp, call);
    return { tail, asked: renewed.asked };
  }

  async #renew(
    { words, ...question }: Question,
    strategy: UserTokenStrategy,
    looked: RecordView | undefined,
  ): Promise<Renewed> {
    const { flights, renewal } = this.#options;
    const flight = flightOf(question, strategy.key);
    this.#flights.set(words, flight);
    try {
      return await flights.run(flight, async () => {
        try {
          return await renewal.run(strategy, looked);
        } finally {
          strategy.end();
          this.#met.delete(flight);
        }
      });
    } finally {
      this.#flights.delete(words);
    }
  }

  /**
   * Notes a pair that has replaced a rejected one, beside the record of its own refresh token: who reports that pair too has
   * nothing else by which it can be found. Best effort: without the note Feishu is asked once more.
   */
  async #note({ credentials }: Question, record: TokenRecord): Promise<void> {
    const { refreshToken } = record.token;
    if (refreshToken === undefined) return;
    await this.#options.store.write({ kind: "caller", credentials, presented: refreshToken }, {
      check: { token: null, spare: null },
      set: { spare: record },
      deadlineMs: COMMIT_DEADLINE_MS,
    });
  }

  async #followOn({ call }: Question, chain: Chain, next: Secret): Promise<void> {
    try {
      await chain.follow(next);
    } catch (error) {
      // The pair is here. A store or a journal that fails now must not keep it from its owner.
      call.log.warn("chain not followed to its end", { error: errorClass(error) });
    }
  }

  /** Nobody waits for it, and one at a time will do. */
  #shorten({ words }: Question, chain: Chain): void {
    this.#options.flights.run(`shorten ${words}`, () => chain.shorten()).catch(() => {});
  }

  async #strategy(
    question: Question,
    presented: Secret,
    last: TokenRecord | undefined,
  ): Promise<UserTokenStrategy> {
    const { fingerprints, appTokens, endpoints, feishu, unproven, clock } = this.#options;
    const { credentials, secretFp, call } = question;
    const presentedFp = last?.fp ?? await fingerprints.ofToken(credentials, presented);
    const key = callerKey(credentials, presentedFp);
    return new UserTokenStrategy({
      credentials,
      presented,
      presentedFp,
      key,
      secretFp,
      secretAcceptedMsAgo: acceptedMsAgo(last, secretFp, clock.now()),
      issuedBy: last?.endpoint,
      call,
      appTokens,
      endpoints,
      feishu,
      fingerprints,
      unproven,
      clock,
      onFailure: (failure) => void this.#met.set(flightOf(question, key), failure),
    });
  }

  /** Whether a pair is handed out as it is. */
  #isGood(record: TokenRecord, rejected: Secret | undefined): boolean {
    return remainingMs(record.token, this.#options.clock.now()) >= USER_MANDATORY_MS &&
      !isWith(record, rejected);
  }

  /** By its time as written, though the clock may have been set back since: better a doubtful token than none. */
  #hasEnded({ token }: TokenRecord): boolean {
    return token.expiresAtMs - this.#options.clock.now() < SERVE_FLOOR_MS;
  }

  #warningOf({ ref, record, isDurable }: Link): Pick<UserTokenResult, "warning"> {
    if (this.#options.pairs.isTooLarge(ref, record)) {
      return { warning: new TokenError("pair_too_large") };
    }
    // It may be gone with this process.
    if (!isDurable) return { warning: pairNotKept() };
    return this.#hasEnded(record) ? { warning: new TokenError("token_ends_soon") } : {};
  }
}

/** What {@linkcode UserTokens} needs. */
export interface UserTokensOptions {
  /** The engine. */
  readonly renewal: Renewal;
  /** Keeps what Feishu issues. */
  readonly pairs: DurablePairs;
  /** Where the records are. */
  readonly store: RecordStore;
  /** Gives the app tokens that some endpoints want, and proves secrets. */
  readonly appTokens: AppTokens;
  /** Knows where refresh tokens go. */
  readonly endpoints: RefreshEndpoints;
  /** Feishu's token endpoints. */
  readonly feishu: FeishuPort;
  /** Compares tokens and secrets without showing them. */
  readonly fingerprints: Fingerprints;
  /** Everything that runs detached from its callers. */
  readonly flights: SingleFlight;
  /** Whose turn it is where secrets may be made up. */
  readonly unproven: UnprovenSecrets;
  /** Tells the time and bounds the waits. */
  readonly clock: Clock;
}

/** Everything about one call. */
interface Question {
  /** The same for calls of one app that ask the same. Not for anybody's eyes: the tokens are in it. */
  readonly words: string;
  readonly credentials: AppCredentials;
  readonly secretFp: string;
  readonly presented: Secret;
  readonly rejected: Secret | undefined;
  readonly call: CallContext;
}

/** What a look at a chain answers with, once for all who looked together: the pair that is kept, or a renewal's. */
type Outcome = () => Promise<UserTokenResult>;

function isWith({ token }: TokenRecord, accessToken: Secret | undefined): boolean {
  return token.accessToken.reveal() === accessToken?.reveal();
}

/**
 * Names the flight of a renewal. Who brings a secret may have to wait for his turn with it, and nobody joins him who need not:
 * the lease sees to it that Feishu is asked once all the same.
 */
function flightOf(
  { credentials, secretFp }: Pick<Question, "credentials" | "secretFp">,
  key: string,
): string {
  return JSON.stringify([key, secretFp, credentials.isBrought === true]);
}
