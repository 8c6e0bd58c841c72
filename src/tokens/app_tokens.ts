import { TokenError } from "../errors/token_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { AppCredentials, FeishuPort } from "../ports/feishu.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { isNewer } from "../ports/record_order.ts";
import type { Fingerprints, RecordStore, TokenRecord } from "../ports/store.ts";
import type { AppTokenResult, CallContext } from "../ports/tokens.ts";
import type { Secret } from "../secret.ts";
import { appKey, AppMemory, type KnownApp } from "./app_memory.ts";
import { AppTokenJob } from "./app_token_job.ts";
import {
  APP_LIMITS,
  APP_REISSUE_WINDOW_MS,
  COOL_DOWN_FIRST_MS,
  REFUSAL_MEMORY_MS,
  REFUSALS_REMEMBERED,
  SERVE_FLOOR_MS,
  USER_MANDATORY_MS,
} from "./constants.ts";
import type { Flights } from "./flights.ts";
import { isJustUnchanged } from "./just_unchanged.ts";
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

/** What came of a rejected app token. */
export interface ReplacedAppToken extends AppTokenResult {
  /** Whether Feishu was asked for it now. */
  readonly isRenewed: boolean;
}

/** What the app and the secret of some credentials are known by. */
interface Identity {
  readonly key: string;
  readonly secretFp: string;
}

/** App tokens: served from memory while they are good, renewed ahead of their end, once for however many callers. */
export class AppTokens {
  readonly #options: AppTokensOptions;
  readonly #memory: AppMemory;
  /** Of credentials that were used before, so that a token in memory is served without waiting for anything. */
  readonly #identities = new WeakMap<AppCredentials, Identity>();
  /** Until `untilMs` of the monotonic clock. */
  readonly #refused = new RecentlyUsed<{ readonly error: TokenError; readonly untilMs: number }>(
    REFUSALS_REMEMBERED,
  );

  /** For one process. */
  constructor(options: AppTokensOptions) {
    this.#options = options;
    this.#memory = new AppMemory(options);
  }

  /**
   * The token kept in memory, if this very object of credentials was used before and it has at least `minTtlMs` left: the
   * common case, without any wait. Starts the renewal ahead of expiry where that is due.
   */
  held(credentials: AppCredentials, minTtlMs: number, call: CallContext): AppTokenResult | null {
    const identity = this.#identities.get(credentials);
    if (identity === undefined) return null;
    const { key, secretFp } = identity;
    const known = this.#memory.get(key);
    if (known === undefined || known.record.secretFp !== secretFp) return null;
    if (this.#memory.leftMs(key, known.record) < Math.max(minTtlMs, SERVE_FLOOR_MS)) return null;
    if (this.#options.clock.now() >= known.advisoryFromMs) {
      this.#renewAhead(credentials, key, secretFp, known, call.log);
    }
    return served(known.record);
  }

  /**
   * The app's token with at least `minTtlMs` left, if Feishu can give one.
   *
   * @throws TokenError `min_ttl_unreachable`, or why there is none.
   */
  async get(credentials: AppCredentials, minTtlMs: number, call: CallContext): Promise<AppTokenResult> {
    const { key, secretFp } = await this.#identify(credentials);
    for (let round = 0; round < ROUNDS; round++) {
      const held = this.held(credentials, minTtlMs, call);
      if (held !== null) return held;
      const known = this.#memory.get(key)?.record;
      if (known !== undefined && known.secretFp === secretFp) {
        const left = this.#memory.leftMs(key, known);
        // Feishu would hand the same token back.
        if (left >= APP_REISSUE_WINDOW_MS) throw unreachable(left);
      }
      let renewed: Renewed;
      try {
        renewed = await this.#renew(credentials, key, secretFp, minTtlMs, call.log);
      } catch (error) {
        return await this.#serveAnyway(credentials, secretFp, error);
      }
      // Measured by what Feishu granted: a fresh two-hour token satisfies a question for two hours.
      if (renewed.asked && renewed.record.token.lifetimeMs >= minTtlMs) return served(renewed.record);
    }
    const record = this.#memory.get(key)?.record;
    throw unreachable(record === undefined ? 0 : this.#memory.leftMs(key, record));
  }

  /**
   * Proves that `credentials` carry the app's secret, asking Feishu only where nothing kept can tell.
   *
   * @param acceptedFp fingerprint of the secret that some other record of the app was got with.
   * @param isStoreAway whether the store has just failed to answer: then it is not waited for once more.
   * @throws TokenError Feishu's refusal.
   */
  async prove(
    credentials: AppCredentials,
    acceptedFp: string,
    call: CallContext,
    isStoreAway = false,
  ): Promise<void> {
    const secretFp = await this.#options.fingerprints.ofAppSecret(credentials);
    // The app's own record is the later word: a reset secret moved it on, maybe in another process, and the old one must
    // not pass any more. With the store away it is still a secret that Feishu has accepted.
    const record = isStoreAway
      ? this.#memory.get(appKey(credentials))?.record
      : await this.#memory.newestOf(credentials).catch(nothingIfAway);
    if ((record?.secretFp ?? acceptedFp) === secretFp) return;
    await this.get(credentials, 0, call);
  }

  /**
   * What is kept of the app, if it was got with the secret in `credentials`. Asks nobody but the store, which knows what
   * other processes have renewed meanwhile.
   *
   * @throws TokenError `store_unavailable` when that does not answer and nothing is remembered.
   */
  async kept(credentials: AppCredentials): Promise<TokenRecord | null> {
    const secretFp = await this.#options.fingerprints.ofAppSecret(credentials);
    const record = await this.#memory.newestOf(credentials);
    return record?.secretFp === secretFp ? record : null;
  }

  /**
   * What is kept of the app, for whoever carries its secret; asks Feishu only where nothing kept can tell.
   *
   * @throws TokenError Feishu's refusal of the secret, or why there is no token.
   */
  async current(credentials: AppCredentials, call: CallContext): Promise<TokenRecord> {
    const kept = await this.kept(credentials);
    if (kept !== null) return kept;
    await this.get(credentials, 0, call);
    const record = this.#memory.get(appKey(credentials))?.record;
    if (record === undefined) throw new RangeError("A token that nobody remembers");
    return record;
  }

  /**
   * A token other than `rejected`: what is current, if that is another one; else what Feishu gives when it is asked once,
   * however many report. That may be `rejected` itself: Feishu has no other while 30 minutes remain of a good one.
   *
   * @throws TokenError why Feishu gave none. The token kept stays kept.
   */
  async replace(credentials: AppCredentials, rejected: Secret, call: CallContext): Promise<ReplacedAppToken> {
    const { fingerprints, flights } = this.#options;
    const seen = await this.current(credentials, call);
    if (seen.fp !== await fingerprints.ofToken(credentials, rejected)) {
      const held = await this.get(credentials, USER_MANDATORY_MS, call);
      return { ...held, isRenewed: held.accessToken.reveal() !== seen.token.accessToken.reveal() };
    }
    if (isJustUnchanged(seen, this.#options.clock.now())) return { ...served(seen), isRenewed: false };
    const secretFp = await fingerprints.ofAppSecret(credentials);
    const key = appKey(credentials);
    // Whoever asked Feishu after this look asked for this report too, whatever came of it.
    const isLater = (record: TokenRecord): boolean => isNewer(record, seen);
    for (let round = 1;; round++) {
      const isOwn = !flights.has(flightKey(key, secretFp));
      try {
        const { record, asked } = await this.#fly(credentials, key, secretFp, isLater, true, call.log);
        if (asked || isLater(record) || round === ROUNDS) return { ...served(record), isRenewed: asked };
      } catch (error) {
        // A renewal ahead of expiry gives up where a report has reason to wait.
        if (isOwn || round === ROUNDS) throw error;
      }
    }
  }

  async #identify(credentials: AppCredentials): Promise<Identity> {
    const secretFp = await this.#options.fingerprints.ofAppSecret(credentials);
    const identity = { key: appKey(credentials), secretFp };
    this.#identities.set(credentials, identity);
    return identity;
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
    const isEnough = (record: TokenRecord): boolean => this.#memory.leftMs(key, record) >= enoughMs;
    return this.#fly(credentials, key, secretFp, isEnough, true, log);
  }

  #renewAhead(credentials: AppCredentials, key: string, secretFp: string, known: KnownApp, log: Log): void {
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
    const inFlight = flightKey(key, secretFp);
    const refused = this.#refused.get(inFlight);
    if (refused !== undefined && refused.untilMs > clock.monotonic()) throw refused.error;
    const job = new AppTokenJob({ credentials, key, secretFp, isEnough, patient, log, feishu, fingerprints });
    return await flights.join(inFlight, async () => {
      try {
        const renewed = await renewal.run(job);
        this.#memory.remember(key, renewed.record);
        return renewed;
      } catch (error) {
        if (!(error instanceof TokenError)) throw error;
        if (error.code === "store_unavailable") return await this.#renewAlone(job, log);
        if (error.row.kind === "config") {
          this.#refused.set(inFlight, { error, untilMs: clock.monotonic() + REFUSAL_MEMORY_MS });
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
    const record = await job.successor(this.#memory.get(job.key)?.record ?? null, answer.token);
    this.#memory.remember(job.key, record);
    return { record, asked: true, durable: false };
  }

  /** A failed renewal takes nothing away: what was kept is served while it works, and says why it is short. */
  async #serveAnyway(
    credentials: AppCredentials,
    secretFp: string,
    error: unknown,
  ): Promise<AppTokenResult> {
    if (!(error instanceof TokenError)) throw error;
    const { clock } = this.#options;
    const record = await this.#memory.recordOf(credentials).catch(() => null);
    if (record === null || record.secretFp !== secretFp) throw error;
    if (record.token.expiresAtMs - clock.now() < SERVE_FLOOR_MS) throw error;
    return { ...served(record), warning: error };
  }
}

function nothingIfAway(error: unknown): null {
  if (error instanceof TokenError && error.code === "store_unavailable") return null;
  throw error;
}

function served(record: TokenRecord): AppTokenResult {
  return { accessToken: record.token.accessToken, expiresAtMs: record.token.expiresAtMs };
}

function unreachable(left: number): TokenError {
  const retryAfterMs = Math.max(1_000, left - APP_REISSUE_WINDOW_MS);
  return new TokenError("min_ttl_unreachable", { expiresInMs: left, retryAfterMs });
}

/** Whether `record` was got with this token, or with one that it has followed. */
export function isOf({ fp, earlier = [] }: TokenRecord, tokenFp: string): boolean {
  return fp === tokenFp || earlier.includes(tokenFp);
}

function flightKey(key: string, secretFp: string): string {
  return `${key} ${secretFp}`;
}
