import { TokenError } from "../../errors/token_error.ts";
import type { AppCredentials } from "../../ports/feishu.ts";
import { isNewer } from "../../ports/record_order.ts";
import type { TokenRecord } from "../../ports/store.ts";
import type { AppTokenResult, CallContext } from "../../ports/tokens.ts";
import type { Secret } from "../../secret.ts";
import { acceptedMsAgo } from "./accepted_ms_ago.ts";
import { AppMemory, type AppMemoryOptions } from "./app_memory.ts";
import { type AppIdentity, AppRenewals, type AppRenewalsOptions } from "./app_renewals.ts";
import { APP_REISSUE_WINDOW_MS } from "../renewal/limits.ts";
import { SERVE_FLOOR_MS, USER_MANDATORY_MS } from "../renewal/remaining_ms.ts";
import { isReissuedJustNow } from "./is_reissued_just_now.ts";
import type { Renewed } from "../renewal/renewal_strategy.ts";

/** A caller whose flight did not bring enough tries with a flight of its own; more rounds bring nothing new. */
const FLIGHT_ROUNDS = 3;

/** App or tenant tokens: served from memory while they are good, renewed ahead of their end, once for however many callers. */
export class AppTokens {
  readonly #options: AppTokensOptions;
  readonly #memory: AppMemory;
  readonly #renewals: AppRenewals;
  /** Of credentials that were used before, so that a token in memory is served without waiting for anything. */
  readonly #identities = new WeakMap<AppCredentials, AppIdentity>();

  /** For one process. */
  constructor(options: AppTokensOptions) {
    this.#options = options;
    this.#memory = new AppMemory(options);
    this.#renewals = new AppRenewals(options, this.#memory);
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
    if (this.#options.isRefuted?.(credentials, secretFp) === true) return null;
    if (this.#memory.remainingMs(key, known.record) < Math.max(minTtlMs, SERVE_FLOOR_MS)) return null;
    if (this.#options.clock.now() >= known.advisoryFromMs) {
      this.#renewals.startAhead(identity, known, call);
    }
    return served(known.record);
  }

  /**
   * A token with at least `minTtlMs` left, if Feishu can give one.
   *
   * @throws TokenError `min_ttl_unreachable`, or why there is none.
   */
  async get(credentials: AppCredentials, minTtlMs: number, call: CallContext): Promise<AppTokenResult> {
    const app = await this.#identify(credentials);
    const { key, secretFp } = app;
    for (let round = 0; round < FLIGHT_ROUNDS; round++) {
      const held = this.held(credentials, minTtlMs, call);
      if (held !== null) return held;
      const known = this.#memory.get(key)?.record;
      if (known !== undefined && known.secretFp === secretFp) {
        const left = this.#memory.remainingMs(key, known);
        // Feishu would hand the same token back.
        if (left >= APP_REISSUE_WINDOW_MS) throw unreachable(left);
      }
      let renewed: Renewed;
      try {
        renewed = await this.#renew(app, minTtlMs, call);
      } catch (error) {
        return await this.#serveAnyway(credentials, secretFp, error);
      }
      // Measured by what Feishu granted: a fresh two-hour token satisfies a question for two hours.
      if (renewed.asked && renewed.record.token.lifetimeMs >= minTtlMs) return served(renewed.record);
    }
    const record = this.#memory.get(key)?.record;
    throw unreachable(record === undefined ? 0 : this.#memory.remainingMs(key, record));
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
      ? this.#memory.get(this.#memory.keyOf(credentials))?.record
      : await this.#memory.newestOf(credentials).catch(nothingIfAway);
    if ((record?.secretFp ?? acceptedFp) === secretFp) return;
    await this.get(credentials, 0, call);
  }

  /**
   * Asks Feishu about the secret in `credentials` where the app's record was got with another one; where there is no
   * record, nothing speaks against it.
   *
   * @throws TokenError Feishu's refusal.
   */
  async disprove(credentials: AppCredentials, call: CallContext): Promise<void> {
    const { fingerprints, unproven, clock } = this.#options;
    const secretFp = await fingerprints.ofAppSecret(credentials);
    await this.prove(credentials, secretFp, call);
    const record = this.#memory.get(this.#memory.keyOf(credentials))?.record ?? null;
    const msAgo = acceptedMsAgo(record, secretFp, clock.now());
    if (msAgo !== undefined) unproven.noteAccepted(secretFp, msAgo);
  }

  /** Whether memory has a token of the app that was got with another secret than that of `secretFp`. */
  remembersAnotherSecret(credentials: AppCredentials, secretFp: string): boolean {
    const known = this.#memory.get(this.#memory.keyOf(credentials));
    return known !== undefined && known.record.secretFp !== secretFp;
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

  /** As {@linkcode kept}, `null` also where the store is away and nothing is remembered. */
  async known(credentials: AppCredentials): Promise<TokenRecord | null> {
    return await this.kept(credentials).catch(nothingIfAway);
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
    const record = this.#memory.get(this.#memory.keyOf(credentials))?.record;
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
    const { fingerprints, clock } = this.#options;
    const seen = await this.current(credentials, call);
    if (seen.fp !== await fingerprints.ofToken(credentials, rejected)) {
      const held = await this.get(credentials, USER_MANDATORY_MS, call);
      return { ...held, isRenewed: held.accessToken.reveal() !== seen.token.accessToken.reveal() };
    }
    if (isReissuedJustNow(seen, clock.now())) return { ...served(seen), isRenewed: false };
    const app = await this.#identify(credentials);
    // Whoever asked Feishu after this look asked for this report too, whatever came of it.
    const isLater = (record: TokenRecord): boolean => isNewer(record, seen);
    for (let round = 1;; round++) {
      const isOwn = !this.#renewals.isUnderWay(app);
      try {
        const { record, asked } = await this.#renewals.run(app, isLater, call);
        if (asked || isLater(record) || round === FLIGHT_ROUNDS) {
          return { ...served(record), isRenewed: asked };
        }
      } catch (error) {
        // A renewal ahead of expiry gives up where a report has reason to wait.
        if (isOwn || round === FLIGHT_ROUNDS) throw error;
      }
    }
  }

  async #identify(credentials: AppCredentials): Promise<AppIdentity> {
    const secretFp = await this.#options.fingerprints.ofAppSecret(credentials);
    const identity = { credentials, key: this.#memory.keyOf(credentials), secretFp };
    this.#identities.set(credentials, identity);
    return identity;
  }

  #renew(app: AppIdentity, minTtlMs: number, call: CallContext): Promise<Renewed> {
    // With 30 minutes left Feishu has nothing better to give, whatever was asked for.
    const enoughMs = Math.min(Math.max(minTtlMs, SERVE_FLOOR_MS), APP_REISSUE_WINDOW_MS);
    return this.#renewals.run(app, (record) => this.#memory.remainingMs(app.key, record) >= enoughMs, call);
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

/** What {@linkcode AppTokens} needs. */
export interface AppTokensOptions extends AppMemoryOptions, AppRenewalsOptions {
  /** Whether something says that another secret than this one is the app's: then what memory has is not served by it. */
  readonly isRefuted?: (credentials: AppCredentials, secretFp: string) => boolean;
}

/** What came of a rejected app or tenant token. */
export interface ReplacedAppToken extends AppTokenResult {
  /** Whether Feishu was asked for it now. */
  readonly isRenewed: boolean;
}

function nothingIfAway(error: unknown): null {
  if (error instanceof TokenError && error.code === "store_unavailable") return null;
  throw error;
}

function served({ token: { accessToken, expiresAtMs, lifetimeMs } }: TokenRecord): AppTokenResult {
  return { accessToken, expiresAtMs, lifetimeMs };
}

function unreachable(left: number): TokenError {
  const retryAfterMs = Math.max(1_000, left - APP_REISSUE_WINDOW_MS);
  return new TokenError("min_ttl_unreachable", { expiresInMs: left, retryAfterMs });
}

/** Whether `record` was got with this token, or with one that it has followed. */
export function isOf({ fp, earlier = [] }: TokenRecord, tokenFp: string): boolean {
  return fp === tokenFp || earlier.includes(tokenFp);
}
