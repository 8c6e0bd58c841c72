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
 * Renews caller-held refresh tokens. Each token presented names a record that holds its successor, so the records form a
 * chain: a call with any token of the chain is answered with the newest pair (promise 5).
 */
export class UserTokens {
  readonly #options: UserTokensOptions;
  /** Chain reads in progress, by the question's words. */
  readonly #reads = new CoalescedReads<Answer>();
  /** By the question's words, the name of the flight that it waits for. */
  readonly #flights = new Map<string, string>();
  /** By flight in progress, the failure of its last attempt. */
  readonly #lastFailures = new Map<string, TokenError>();

  /** For one process. */
  constructor(options: UserTokensOptions) {
    this.#options = options;
  }

  /**
   * Answers with the newest pair of the chain of `presented`. If there is none, or it has less than five minutes left, or its
   * access token is `rejected`, the newest refresh token is spent first.
   *
   * @param rejected an access token that does not work although it has not expired.
   * @throws TokenError why there is no pair. Stored pairs stay stored (promise 4).
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
      const answer = await this.#reads.run(words, () => this.#read(question));
      return await answer();
    });
    const lastFailure = (): TokenError | undefined => this.#lastFailures.get(this.#flights.get(words) ?? "");
    return await withinCallerDeadline(clock, work, { ...call, lastFailure });
  }

  async #read(question: Question): Promise<Answer> {
    const chain = new Chain(this.#options, question.credentials);
    const readFailure = await chain.followAsFarAsPossible(question.presented);
    let answered: Promise<UserTokenResult> | undefined;
    return () => answered ??= this.#answer(question, chain, readFailure);
  }

  async #answer(
    question: Question,
    chain: Chain,
    readFailure: TokenError | null,
  ): Promise<UserTokenResult> {
    const { credentials, rejected, call } = question;
    const { newest } = chain;
    const kept = newest?.record ?? this.#noteOf(chain, rejected);
    if (kept === undefined) return await this.#renewed(question, chain, readFailure);
    const isStoreAway = readFailure?.code === "store_unavailable";
    await this.#options.appTokens.prove(credentials, kept.secretFp, call, isStoreAway);
    const nowMs = this.#options.clock.now();
    if (isWith(kept, rejected) && isJustIssued(kept, nowMs)) {
      return userTokenResult(kept, { replayed: true, warning: sameToken(kept, nowMs) });
    }
    if (newest === undefined) return userTokenResult(kept, { replayed: true });
    if (!this.#isGood(kept, rejected)) return await this.#renewed(question, chain, readFailure);
    if (readFailure === null) this.#shorten(question, chain);
    const warning = readFailure === null ? {} : { warning: readFailure };
    return userTokenResult(kept, { replayed: true, ...warning, ...this.#warningOf(newest) });
  }

  /**
   * The pair of the refresh token presented, if a report has brought it less than a minute ago. It counts for reports only:
   * for that minute Feishu is not asked again, whichever access token is reported.
   */
  #noteOf({ end }: Chain, rejected: Secret | undefined): TokenRecord | undefined {
    const note = rejected === undefined ? null : end?.spare.value ?? null;
    return note !== null && isJustIssued(note, this.#options.clock.now()) ? note : undefined;
  }

  async #renewed(
    question: Question,
    chain: Chain,
    readFailure: TokenError | null,
  ): Promise<UserTokenResult> {
    const { clock } = this.#options;
    const { rejected } = question;
    let fallback = chain.newest?.record;
    try {
      if (readFailure !== null) throw readFailure;
      let { tail, asked } = await this.#extend(question, chain);
      if (isWith(tail.record, rejected) && !isJustIssued(tail.record, clock.now())) {
        // Another caller's renewal has brought the token that is reported.
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
      // Promise 4: a failure takes nothing away. The stored pair is served while it works.
      if (!(error instanceof TokenError) || fallback === undefined) throw error;
      if (this.#hasEnded(fallback) || isWith(fallback, rejected)) throw error;
      return userTokenResult(fallback, { replayed: true, warning: error });
    }
  }

  /** Renews the end of `chain`, or follows the links that another process's renewal has added meanwhile. */
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
    // Another caller's renewal was made with its own secret, which proves nothing about this caller's (promise 6).
    const { secretFp: provenFp } = tail.record;
    if (provenFp !== secretFp) await this.#options.appTokens.prove(credentials, provenFp, call);
    return { tail, asked: renewed.asked };
  }

  async #renew(
    { words, ...question }: Question,
    strategy: UserTokenStrategy,
    view: RecordView | undefined,
  ): Promise<Renewed> {
    const { flights, renewal } = this.#options;
    const flight = flightOf(question, strategy.key);
    this.#flights.set(words, flight);
    try {
      return await flights.run(flight, async () => {
        try {
          return await renewal.run(strategy, view);
        } finally {
          strategy.end();
          this.#lastFailures.delete(flight);
        }
      });
    } finally {
      this.#flights.delete(words);
    }
  }

  /**
   * Notes a pair that has replaced a rejected one, in the slot `spare` of the record of its own refresh token. A caller who
   * reports that pair too brings nothing else by which it can be found. Without the note Feishu is asked once more, so a
   * failed write does no harm.
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
      // The pair is known. A store or journal that fails now must not keep it from its caller.
      call.log.warn("chain not followed to its end", { error: errorClass(error) });
    }
  }

  /** No caller waits for this, and one at a time is enough. */
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
      onFailure: (failure) => void this.#lastFailures.set(flightOf(question, key), failure),
    });
  }

  /** Whether a pair is handed out without a renewal. */
  #isGood(record: TokenRecord, rejected: Secret | undefined): boolean {
    return remainingMs(record.token, this.#options.clock.now()) >= USER_MANDATORY_MS &&
      !isWith(record, rejected);
  }

  /** By the expiry as stored, although the clock may have been set back since: better a doubtful token than none. */
  #hasEnded({ token }: TokenRecord): boolean {
    return token.expiresAtMs - this.#options.clock.now() < SERVE_FLOOR_MS;
  }

  #warningOf({ ref, record, isDurable }: Link): Pick<UserTokenResult, "warning"> {
    if (this.#options.pairs.isTooLarge(ref, record)) {
      return { warning: new TokenError("pair_too_large") };
    }
    if (!isDurable) return { warning: pairNotKept() };
    return this.#hasEnded(record) ? { warning: new TokenError("token_ends_soon") } : {};
  }
}

/** What {@linkcode UserTokens} needs. */
export interface UserTokensOptions {
  /** The engine. */
  readonly renewal: Renewal;
  /** Reads records, and makes pairs durable. */
  readonly pairs: DurablePairs;
  /** Where the records are. */
  readonly store: RecordStore;
  /** Gets the app tokens that some endpoints need, and proves secrets. */
  readonly appTokens: AppTokens;
  /** Chooses the endpoint of a refresh token. */
  readonly endpoints: RefreshEndpoints;
  /** Feishu's token endpoints. */
  readonly feishu: FeishuPort;
  /** Compares tokens and secrets without showing them. */
  readonly fingerprints: Fingerprints;
  /** Runs work detached from its callers. */
  readonly flights: SingleFlight;
  /** Queues secrets that may be made up. */
  readonly unproven: UnprovenSecrets;
  /** Tells the time and bounds the waits. */
  readonly clock: Clock;
}

/** One call, with what the answer depends on. */
interface Question {
  /** Equal for calls that ask the same: app secret, token presented, token rejected. Contains tokens: never log it. */
  readonly words: string;
  readonly credentials: AppCredentials;
  readonly secretFp: string;
  readonly presented: Secret;
  readonly rejected: Secret | undefined;
  readonly call: CallContext;
}

/** Answers all callers who shared one read of a chain: with the stored pair, or with the pair of a renewal. */
type Answer = () => Promise<UserTokenResult>;

function isWith({ token }: TokenRecord, accessToken: Secret | undefined): boolean {
  return token.accessToken.reveal() === accessToken?.reveal();
}

/**
 * Names the flight of a renewal. A caller who brings a secret may have to wait for its turn, so callers who need not wait
 * do not join its flight. The lease makes sure that Feishu is asked only once all the same.
 */
function flightOf(
  { credentials, secretFp }: Pick<Question, "credentials" | "secretFp">,
  key: string,
): string {
  return JSON.stringify([key, secretFp, credentials.isBrought === true]);
}
