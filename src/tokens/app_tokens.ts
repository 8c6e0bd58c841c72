import { TokenError } from "../errors/token_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { AppCredentials, FeishuPort } from "../ports/feishu.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { tokenIn } from "../ports/record_order.ts";
import type { Fingerprints, RecordStore, TokenRecord } from "../ports/store.ts";
import type { AppTokenResult, CallContext } from "../ports/tokens.ts";
import type { Secret } from "../secret.ts";
import { AppTokenJob } from "./app_token_job.ts";
import {
  APP_ADVISORY_LATEST_MS,
  APP_LIMITS,
  APP_REISSUE_WINDOW_MS,
  COOL_DOWN_FIRST_MS,
  MEMORY_RECORDS,
  REFUSAL_MEMORY_MS,
  SERVE_FLOOR_MS,
} from "./constants.ts";
import type { Flights } from "./flights.ts";
import { leftMs } from "./left_ms.ts";
import { RecentlyUsed } from "./recently_used.ts";
import type { Renewal } from "./renewal.ts";
import type { Renewed } from "./renewal_job.ts";
import { errorOf } from "./verdicts.ts";

/** A caller whose flight did not bring enough tries with a flight of its own; more rounds bring nothing new. */
const ROUNDS = 3;

/** What {@linkcode AppTokens} needs. */
export interface AppTokensOptions {
  /** The engine. */
  readonly renewal: Renewal;
  /** Where the records are. */
  readonly store: RecordStore;
  /** Feishu's token endpoints. */
  readonly feishu: FeishuPort;
  /** Compares tokens and secrets without showing them. */
  readonly fingerprints: Fingerprints;
  /** Everything that runs detached from its callers. */
  readonly flights: Flights;
  /** Tells the time and bounds the waits. */
  readonly clock: Clock;
  /** Nonces and jitter. */
  readonly random: Random;
}

/** What this process remembers of one app. */
interface Known {
  readonly record: TokenRecord;
  /** From then on a renewal runs in the background, Unix milliseconds. */
  advisoryFromMs: number;
  /** It ends then at the latest, by the monotonic clock in milliseconds: the wall clock may have been set back. */
  readonly endsAtMonotonicMs: number;
}

/** App tokens: served from memory while they are good, renewed ahead of their end, once for however many callers. */
export class AppTokens {
  readonly #options: AppTokensOptions;
  readonly #known = new RecentlyUsed<Known>(MEMORY_RECORDS);
  /** Until `untilMs` of the monotonic clock. */
  readonly #refused = new RecentlyUsed<{ readonly error: TokenError; readonly untilMs: number }>(
    MEMORY_RECORDS,
  );

  /** For one process. */
  constructor(options: AppTokensOptions) {
    this.#options = options;
  }

  /**
   * The token kept in memory, if it has at least `minTtlMs` left: the common case, without any wait that would need a
   * deadline. Starts the renewal ahead of expiry where that is due.
   */
  async held(
    credentials: AppCredentials,
    minTtlMs: number,
    call: CallContext,
  ): Promise<AppTokenResult | null> {
    const { fingerprints, clock } = this.#options;
    const key = appKey(credentials);
    const known = this.#known.get(key);
    if (known === undefined) return null;
    const secretFp = await fingerprints.ofAppSecret(credentials);
    if (known.record.secretFp !== secretFp) return null;
    if (this.#leftMs(key, known.record) < Math.max(minTtlMs, SERVE_FLOOR_MS)) return null;
    if (clock.now() >= known.advisoryFromMs) this.#renewAhead(credentials, key, secretFp, known, call.log);
    return served(known.record);
  }

  /**
   * The app's token with at least `minTtlMs` left, if Feishu can give one.
   *
   * @throws TokenError `min_ttl_unreachable`, or why there is none.
   */
  async get(credentials: AppCredentials, minTtlMs: number, call: CallContext): Promise<AppTokenResult> {
    const secretFp = await this.#options.fingerprints.ofAppSecret(credentials);
    const key = appKey(credentials);
    for (let round = 0; round < ROUNDS; round++) {
      const held = await this.held(credentials, minTtlMs, call);
      if (held !== null) return held;
      const known = this.#known.get(key)?.record;
      if (known !== undefined && known.secretFp === secretFp) {
        const left = this.#leftMs(key, known);
        // Feishu would hand the same token back.
        if (left >= APP_REISSUE_WINDOW_MS) throw unreachable(left);
      }
      let renewed: Renewed;
      try {
        renewed = await this.#renew(credentials, key, secretFp, minTtlMs, call.log);
      } catch (error) {
        return await this.#serveAnyway(credentials, key, secretFp, error);
      }
      // Measured by what Feishu granted: a fresh two-hour token satisfies a question for two hours.
      if (renewed.asked && renewed.record.token.lifetimeMs >= minTtlMs) return served(renewed.record);
    }
    const record = this.#known.get(key)?.record;
    throw unreachable(record === undefined ? 0 : this.#leftMs(key, record));
  }

  /**
   * Proves that `credentials` carry the app's secret, asking Feishu only where nothing kept can tell.
   *
   * @param acceptedFp fingerprint of the secret that some other record of the app was got with.
   * @throws TokenError Feishu's refusal.
   */
  async prove(credentials: AppCredentials, acceptedFp: string, call: CallContext): Promise<void> {
    const secretFp = await this.#options.fingerprints.ofAppSecret(credentials);
    const record = await this.#keptRecord(credentials);
    // The app's own record is the later word: a reset secret moved it on, and the old one must not pass any more.
    if ((record?.secretFp ?? acceptedFp) === secretFp) return;
    await this.get(credentials, 0, call);
  }

  /** A token other than `rejected`, if Feishu gives one. */
  async replace(credentials: AppCredentials, rejected: Secret, call: CallContext): Promise<Secret> {
    const secretFp = await this.#options.fingerprints.ofAppSecret(credentials);
    const isOther = (token: TokenRecord): boolean => token.token.accessToken.reveal() !== rejected.reveal();
    const { record } = await this.#fly(credentials, appKey(credentials), secretFp, isOther, true, call.log);
    return record.token.accessToken;
  }

  async #keptRecord(credentials: AppCredentials): Promise<TokenRecord | null> {
    const known = this.#known.get(appKey(credentials));
    if (known !== undefined) return known.record;
    return tokenIn((await this.#options.store.read({ kind: "app", credentials })).token.value);
  }

  #renew(
    credentials: AppCredentials,
    key: string,
    secretFp: string,
    minTtlMs: number,
    log: Log,
  ): Promise<Renewed> {
    // With 30 minutes left Feishu has nothing better to give, whatever was asked for.
    const enoughMs = Math.min(Math.max(minTtlMs, SERVE_FLOOR_MS), APP_REISSUE_WINDOW_MS);
    const isEnough = (record: TokenRecord): boolean => this.#leftMs(key, record) >= enoughMs;
    return this.#fly(credentials, key, secretFp, isEnough, true, log);
  }

  #renewAhead(credentials: AppCredentials, key: string, secretFp: string, known: Known, log: Log): void {
    const { clock } = this.#options;
    const isEnough = (record: TokenRecord): boolean => record.fp !== known.record.fp;
    // Until the flight has landed nobody else needs to start it.
    known.advisoryFromMs = Infinity;
    this.#fly(credentials, key, secretFp, isEnough, false, log).catch((error: unknown) => {
      const retryAfterMs = error instanceof TokenError ? error.detail.retryAfterMs : undefined;
      known.advisoryFromMs = clock.now() + (retryAfterMs ?? COOL_DOWN_FIRST_MS);
      log.warn("renewal ahead of expiry failed, the token is served meanwhile", { error: String(error) });
    });
  }

  async #fly(
    credentials: AppCredentials,
    key: string,
    secretFp: string,
    isEnough: (record: TokenRecord) => boolean,
    patient: boolean,
    log: Log,
  ): Promise<Renewed> {
    const { renewal, feishu, fingerprints, flights, clock } = this.#options;
    const flightKey = `${key} ${secretFp}`;
    const refused = this.#refused.get(flightKey);
    if (refused !== undefined && refused.untilMs > clock.monotonic()) throw refused.error;
    const job = new AppTokenJob({ credentials, key, secretFp, isEnough, patient, log, feishu, fingerprints });
    return await flights.join(flightKey, async () => {
      try {
        const renewed = await renewal.run(job);
        this.#remember(key, renewed.record);
        return renewed;
      } catch (error) {
        if (!(error instanceof TokenError)) throw error;
        if (error.code === "store_unavailable") return await this.#renewAlone(job, log);
        if (error.row.kind === "config") {
          this.#refused.set(flightKey, { error, untilMs: clock.monotonic() + REFUSAL_MEMORY_MS });
        }
        throw error;
      }
    });
  }

  /** While the store is away each process renews app tokens for itself: nothing is spent by it. */
  async #renewAlone(job: AppTokenJob, log: Log): Promise<Renewed> {
    log.warn("store unavailable, app token got without it");
    const answer = await job.present(APP_LIMITS.attemptTimeoutMs);
    if (answer.kind !== "issued") throw errorOf(answer);
    const record = await job.successor(this.#known.get(job.key)?.record ?? null, answer.token);
    this.#remember(job.key, record);
    return { record, asked: true, durable: false };
  }

  #remember(key: string, record: TokenRecord): void {
    const { clock, random } = this.#options;
    const jitterMs = random.fraction() * (APP_REISSUE_WINDOW_MS - APP_ADVISORY_LATEST_MS);
    const advisoryFromMs = record.token.expiresAtMs - APP_ADVISORY_LATEST_MS - jitterMs;
    const endsAtMonotonicMs = clock.monotonic() + this.#leftMs(key, record);
    this.#known.set(key, { record, advisoryFromMs, endsAtMonotonicMs });
  }

  /** What is left of a record of the app `key`, by the clock that leaves less. */
  #leftMs(key: string, record: TokenRecord): number {
    const { clock } = this.#options;
    const left = leftMs(record.token, clock.now());
    const known = this.#known.get(key);
    if (known === undefined || known.record.fp !== record.fp || known.record.gen !== record.gen) return left;
    return Math.min(left, known.endsAtMonotonicMs - clock.monotonic());
  }

  /** A failed renewal takes nothing away: what was kept is served while it works, and says why it is short. */
  async #serveAnyway(
    credentials: AppCredentials,
    key: string,
    secretFp: string,
    error: unknown,
  ): Promise<AppTokenResult> {
    if (!(error instanceof TokenError)) throw error;
    const { clock } = this.#options;
    const record = this.#known.get(key)?.record ?? await this.#keptRecord(credentials).catch(() => null);
    if (record === null || record.secretFp !== secretFp) throw error;
    if (record.token.expiresAtMs - clock.now() < SERVE_FLOOR_MS) throw error;
    return { ...served(record), warning: error };
  }
}

function served(record: TokenRecord): AppTokenResult {
  return { accessToken: record.token.accessToken, expiresAtMs: record.token.expiresAtMs };
}

function unreachable(left: number): TokenError {
  const retryAfterMs = Math.max(1_000, left - APP_REISSUE_WINDOW_MS);
  return new TokenError("min_ttl_unreachable", { expiresInMs: left, retryAfterMs });
}

function appKey(credentials: AppCredentials): string {
  return `app ${JSON.stringify([credentials.brand, credentials.appId])}`;
}
