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

/** Flights that one call may wait for: a joined flight may not bring enough, and then the call starts its own. */
const FLIGHT_ROUNDS = 3;

/** Serves app or tenant tokens from memory while they are good, and renews them ahead of expiry, once for all callers. */
export class AppTokens {
  readonly #options: AppTokensOptions;
  readonly #memory: AppMemory;
  readonly #renewals: AppRenewals;
  /** Identities of credentials that were used before, so that a token in memory is served without any wait. */
  readonly #identities = new WeakMap<AppCredentials, AppIdentity>();

  /** For one process. */
  constructor(options: AppTokensOptions) {
    this.#options = options;
    this.#memory = new AppMemory(options);
    this.#renewals = new AppRenewals(options, this.#memory);
  }

  /**
   * The token in memory, if this same credentials object was used before and at least `minTtlMs` are left: the common case,
   * without any wait. Starts the renewal ahead of expiry when that is due.
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
        // Feishu would return the same token.
        if (left >= APP_REISSUE_WINDOW_MS) throw unreachable(left);
      }
      let renewed: Renewed;
      try {
        renewed = await this.#renew(app, minTtlMs, call);
      } catch (error) {
        return await this.#serveAnyway(credentials, secretFp, error);
      }
      // Compare the lifetime granted, not what is left: a new two-hour token satisfies a call that asks for two hours.
      if (renewed.asked && renewed.record.token.lifetimeMs >= minTtlMs) return served(renewed.record);
    }
    const record = this.#memory.get(key)?.record;
    throw unreachable(record === undefined ? 0 : this.#memory.remainingMs(key, record));
  }

  /**
   * Proves that `credentials` contain the app's secret (promise 6). Feishu is asked only where no stored record can tell.
   *
   * @param acceptedFp fingerprint of the secret that another record of the app was got with.
   * @param isStoreAway whether the store has just failed to answer: it is not waited for again then.
   * @throws TokenError Feishu's refusal.
   */
  async prove(
    credentials: AppCredentials,
    acceptedFp: string,
    call: CallContext,
    isStoreAway = false,
  ): Promise<void> {
    const secretFp = await this.#options.fingerprints.ofAppSecret(credentials);
    // The app's own record overrides `acceptedFp`: if the secret was reset, maybe another process has already renewed that
    // record with the new one, and the old secret must not pass any more. While the store is away, an accepted secret is
    // enough.
    const record = isStoreAway
      ? this.#memory.get(this.#memory.keyOf(credentials))?.record
      : await this.#memory.newestOf(credentials).catch(nothingIfAway);
    if ((record?.secretFp ?? acceptedFp) === secretFp) return;
    await this.get(credentials, 0, call);
  }

  /**
   * Asks Feishu about the secret in `credentials` if the app's record was got with another one. Without a record there is
   * nothing against the secret.
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

  /** Whether the app's token in memory was got with another secret than `secretFp`. */
  remembersAnotherSecret(credentials: AppCredentials, secretFp: string): boolean {
    const known = this.#memory.get(this.#memory.keyOf(credentials));
    return known !== undefined && known.record.secretFp !== secretFp;
  }

  /**
   * The app's record, if it was got with the secret in `credentials`. Only the store is asked, which has the renewals of
   * other processes.
   *
   * @throws TokenError `store_unavailable` when the store is away and memory has no record.
   */
  async kept(credentials: AppCredentials): Promise<TokenRecord | null> {
    const secretFp = await this.#options.fingerprints.ofAppSecret(credentials);
    const record = await this.#memory.newestOf(credentials);
    return record?.secretFp === secretFp ? record : null;
  }

  /** As {@linkcode kept}, but `null` where the store is away and memory has no record. */
  async known(credentials: AppCredentials): Promise<TokenRecord | null> {
    return await this.kept(credentials).catch(nothingIfAway);
  }

  /**
   * The app's record, for a caller with the app's secret. Feishu is asked only where no stored record can tell.
   *
   * @throws TokenError Feishu's refusal of the secret, or why there is no token.
   */
  async current(credentials: AppCredentials, call: CallContext): Promise<TokenRecord> {
    const kept = await this.kept(credentials);
    if (kept !== null) return kept;
    await this.get(credentials, 0, call);
    const record = this.#memory.get(this.#memory.keyOf(credentials))?.record;
    if (record === undefined) throw new RangeError("A token that is not in memory");
    return record;
  }

  /**
   * A token other than `rejected`: the current one, if it differs; else Feishu is asked once for all who report. Feishu may
   * return `rejected` itself: it issues no other while 30 minutes or more of a good token remain.
   *
   * @throws TokenError why Feishu gave none. The stored token stays stored (promise 4).
   */
  async replace(credentials: AppCredentials, rejected: Secret, call: CallContext): Promise<ReplacedAppToken> {
    const { fingerprints, clock } = this.#options;
    const current = await this.current(credentials, call);
    if (current.fp !== await fingerprints.ofToken(credentials, rejected)) {
      const held = await this.get(credentials, USER_MANDATORY_MS, call);
      return { ...held, isRenewed: held.accessToken.reveal() !== current.token.accessToken.reveal() };
    }
    if (isReissuedJustNow(current, clock.now())) return { ...served(current), isRenewed: false };
    const app = await this.#identify(credentials);
    // A renewal that starts after this read answers this report as well, even if Feishu returns the same token.
    const isLater = (record: TokenRecord): boolean => isNewer(record, current);
    for (let round = 1;; round++) {
      const isOwn = !this.#renewals.isInProgress(app);
      try {
        const { record, asked } = await this.#renewals.run(app, isLater, call);
        if (asked || isLater(record) || round === FLIGHT_ROUNDS) {
          return { ...served(record), isRenewed: asked };
        }
      } catch (error) {
        // The joined flight may be a renewal ahead of expiry, which gives up where a report has reason to wait.
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
    // With 30 minutes left Feishu issues no other token, whatever the call asks for.
    const enoughMs = Math.min(Math.max(minTtlMs, SERVE_FLOOR_MS), APP_REISSUE_WINDOW_MS);
    return this.#renewals.run(app, (record) => this.#memory.remainingMs(app.key, record) >= enoughMs, call);
  }

  /** Promise 4: after a failed renewal the stored token is served while it works, with the failure as a warning. */
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
  /** Whether a record says that the app has another secret: then memory does not serve this one. */
  readonly isRefuted?: (credentials: AppCredentials, secretFp: string) => boolean;
}

/** The token that replaces a rejected app or tenant token. */
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

/** Whether the token `tokenFp` is that of `record`, or one of those before it. */
export function isOf({ fp, earlier = [] }: TokenRecord, tokenFp: string): boolean {
  return fp === tokenFp || earlier.includes(tokenFp);
}
