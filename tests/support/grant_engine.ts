import { TokenError } from "../../src/errors/token_error.ts";
import type { AppCredentials, FeishuAnswer, IssuedToken } from "../../src/ports/feishu.ts";
import { isNewer, tokenIn } from "../../src/ports/record_order.ts";
import type { RecordName, TokenRecord } from "../../src/ports/store.ts";
import type { Secret } from "../../src/secret.ts";
import { SPENDING_LIMITS } from "../../src/tokens/renewal/limits.ts";
import { SingleFlight } from "../../src/concurrency/single_flight.ts";
import { DurablePairs } from "../../src/tokens/renewal/durable_pairs.ts";
import type { RecordRef } from "../../src/tokens/renewal/record_ref.ts";
import { Leases } from "../../src/tokens/renewal/leases.ts";
import { type LoginPair, Logins } from "../../src/tokens/grants/logins.ts";
import { Renewal } from "../../src/tokens/renewal/renewal.ts";
import type { RenewalStrategy, Renewed } from "../../src/tokens/renewal/renewal_strategy.ts";
import type { TokenServiceOptions } from "../../src/tokens/token_service.ts";
import { FailureMarks } from "../../src/tokens/renewal/failure_marks.ts";

/** What {@linkcode GrantEngine} needs. */
export interface GrantEngineOptions extends
  Pick<
    TokenServiceOptions,
    "store" | "journal" | "fingerprints" | "owner" | "liveness" | "clock" | "random" | "log" | "stopping"
  > {
  readonly credentials: AppCredentials;
  /** The user whose grant it is. */
  readonly user: string;
}

/** Presents a refresh token once. */
export type Present = (refreshToken: Secret, timeoutMs: number) => Promise<FeishuAnswer>;

/** The engine of one process, on one user's authorization that the server keeps: a record that rotates in place. */
export class GrantEngine {
  readonly kept: RecordRef;
  readonly pairs: DurablePairs;
  readonly #options: GrantEngineOptions;
  readonly #flights = new SingleFlight();
  readonly #renewal: Renewal;
  readonly #logins: Logins;

  /** For one process. */
  constructor(options: GrantEngineOptions) {
    this.#options = options;
    const { store, clock, credentials, user } = options;
    const name: RecordName = { kind: "grant", credentials, user };
    this.kept = { name, key: `grant ${user}`, spends: true };
    this.pairs = new DurablePairs({ ...options, flights: this.#flights });
    const leases = new Leases(options);
    const marks = new FailureMarks({ store, clock, leases });
    this.#renewal = new Renewal({ ...options, pairs: this.pairs, leases, marks });
    this.#logins = new Logins({ pairs: this.pairs, store, clock });
  }

  /** The user has authorized the app, which brought `token`. */
  async login(token: IssuedToken): Promise<{ readonly record: TokenRecord; readonly durable: boolean }> {
    return await this.#logins.login(this.kept, await this.pairOf(token));
  }

  /** The user logs out. */
  logout(): Promise<boolean> {
    return this.#logins.logout(this.kept);
  }

  /** Spends the newest refresh token, unless the pair kept is any but that of `unless`. One flight a process. */
  async renew(present: Present, unless?: string): Promise<Renewed> {
    const isFirst = !this.#flights.inProgress(this.kept.key);
    const renewed = await this.#flights.run(
      this.kept.key,
      () => this.#renewal.run(this.#job(present, unless)),
    );
    if (isFirst) return renewed;
    // What others began may have been decided before this call, and superseded since.
    const { token: { value }, isDurable, isUnstored } = await this.pairs.read(this.kept);
    const record = tokenIn(value);
    if (record === null || !isNewer(record, renewed.record)) return renewed;
    return { record, asked: false, isDurable, isStored: !isUnstored };
  }

  /** Resolves when nothing runs any more. */
  drain(): Promise<void> {
    return this.#flights.drain();
  }

  /** `token` as a record holds it. */
  async pairOf(token: IssuedToken): Promise<LoginPair> {
    const { fingerprints, credentials } = this.#options;
    return {
      fp: await fingerprints.ofToken(credentials, token.refreshToken ?? token.accessToken),
      secretFp: await fingerprints.ofAppSecret(credentials),
      token,
      endpoint: "v2",
    };
  }

  #job(present: Present, unless: string | undefined): RenewalStrategy {
    const { log } = this.#options;
    let refreshToken: Secret | undefined;
    return {
      ...this.kept,
      limits: SPENDING_LIMITS,
      patient: true,
      log,
      isDone: (token) =>
        token !== null && unless !== undefined && token.token.refreshToken?.reveal() !== unless,
      subject: (token) => {
        refreshToken = token?.token.refreshToken;
        if (token === null) throw new TokenError("refresh_token_expired");
        return token.fp;
      },
      prepare: () => Promise.resolve(),
      present: async (timeoutMs) => {
        if (refreshToken === undefined) throw new TokenError("refresh_token_expired");
        return await present(refreshToken, timeoutMs);
      },
      hasAnotherWay: () => Promise.resolve(false),
      longestPauseMs: () => Infinity,
      successor: async (before, token) => ({
        ...await this.pairOf(token),
        login: before?.login ?? 0,
        gen: (before?.gen ?? 0) + 1,
      }),
    };
  }
}
