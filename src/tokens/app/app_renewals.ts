import { errorClass } from "../../errors/error_class.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AppCredentials, FeishuPort } from "../../ports/feishu.ts";
import type { Fingerprints, TokenRecord } from "../../ports/store.ts";
import type { CallContext } from "../../ports/tokens.ts";
import type { AppMemory, KnownApp } from "./app_memory.ts";
import { type AppTokenKind, AppTokenStrategy } from "./app_token_strategy.ts";
import { APP_LIMITS } from "../renewal/limits.ts";
import { REFUSALS_REMEMBERED } from "./unproven_secrets.ts";
import type { SingleFlight } from "../../concurrency/single_flight.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import type { Renewal } from "../renewal/renewal.ts";
import type { Renewed } from "../renewal/renewal_strategy.ts";
import type { UnprovenSecrets } from "./unproven_secrets.ts";
import { COOL_DOWN_FIRST_MS, errorOf } from "../renewal/failure_marks.ts";

/** The same refused credentials are not sent to Feishu again for this long. */
export const REFUSAL_MEMORY_MS = 3_000;

/** Renews app or tenant tokens, one renewal at a time for an app and a secret (promise 2), and keeps them in memory. */
export class AppRenewals {
  readonly #options: AppRenewalsOptions;
  readonly #memory: AppMemory;
  /** By app and secret, Feishu's refusal, valid until `untilMs` of the monotonic clock. */
  readonly #refused = new LruMap<{ readonly error: TokenError; readonly untilMs: number }>(
    REFUSALS_REMEMBERED,
  );

  /** For one process; new tokens are put into `memory`. */
  constructor(options: AppRenewalsOptions, memory: AppMemory) {
    this.#options = options;
    this.#memory = memory;
  }

  /** Whether a renewal is in progress that the next caller would join. */
  isInProgress(app: AppIdentity): boolean {
    return this.#options.flights.inProgress(flightOf(app));
  }

  /**
   * Renews the record, unless the stored one `isEnough`; joins a renewal that is in progress.
   *
   * @throws TokenError why there is no token. A secret that Feishu has just refused is refused again without asking.
   */
  async run(
    app: AppIdentity,
    isEnough: (record: TokenRecord) => boolean,
    call: CallContext,
    patient = true,
  ): Promise<Renewed> {
    const { flights, clock } = this.#options;
    const key = attemptsKey(app);
    const refused = this.#refused.get(key);
    if (refused !== undefined && refused.untilMs > clock.monotonic()) throw refused.error;
    return await flights.run(flightOf(app), async () => {
      const { log, address } = call;
      const strategy = new AppTokenStrategy({
        ...this.#options,
        ...app,
        key,
        isEnough,
        patient,
        log,
        address,
      });
      try {
        const renewed = await this.#renewed(strategy, app);
        this.#memory.remember(app.key, renewed.record);
        return renewed;
      } catch (error) {
        const isRefusal = error instanceof TokenError && error.row.kind === "config";
        if (isRefusal && app.credentials.isBrought !== true) {
          this.#refused.set(key, { error, untilMs: clock.monotonic() + REFUSAL_MEMORY_MS });
        }
        throw error;
      } finally {
        strategy.end();
      }
    });
  }

  /** Starts a renewal of `known` ahead of its expiry, in the background. After a failure the next one waits a while. */
  startAhead(app: AppIdentity, known: KnownApp, call: CallContext): void {
    const isEnough = (record: TokenRecord): boolean => record.fp !== known.record.fp;
    // No other caller needs to start a renewal before this one has ended.
    known.advisoryFromMs = Infinity;
    this.run(app, isEnough, call, false).catch((error: unknown) => {
      const retryAfterMs = error instanceof TokenError ? error.detail.retryAfterMs : undefined;
      known.advisoryFromMs = this.#options.clock.now() + (retryAfterMs ?? COOL_DOWN_FIRST_MS);
      call.log.warn("renewal ahead of expiry failed, the token is served meanwhile", {
        error: errorClass(error),
      });
    });
  }

  async #renewed(strategy: AppTokenStrategy, app: AppIdentity): Promise<Renewed> {
    try {
      return await this.#options.renewal.run(strategy);
    } catch (error) {
      if (!(error instanceof TokenError) || error.code !== "store_unavailable") throw error;
      return await this.#withoutStore(strategy, this.#memory.get(app.key)?.record ?? null);
    }
  }

  /** While the store is away each process renews app tokens for itself, without a lease: nothing is spent. */
  async #withoutStore(strategy: AppTokenStrategy, known: TokenRecord | null): Promise<Renewed> {
    strategy.log.warn("store unavailable, app token got without it");
    await strategy.prepare(known);
    const answer = await strategy.present(APP_LIMITS.attemptTimeoutMs);
    if (answer.kind !== "issued") throw errorOf(answer);
    const record = await strategy.successor(known, answer.token);
    return { record, asked: true, isStored: false, isDurable: false };
  }
}

/** What {@linkcode AppRenewals} needs. */
export interface AppRenewalsOptions {
  /** Kind of the tokens. */
  readonly kind: AppTokenKind;
  /** Renews one record. */
  readonly renewal: Renewal;
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

/** Credentials, and the names by which this process knows their app and secret. */
export interface AppIdentity {
  /** App id and secret. */
  readonly credentials: AppCredentials;
  /** Names the app inside this process. */
  readonly key: string;
  /** Fingerprint of the secret. */
  readonly secretFp: string;
}

/** Names the attempts with one secret of an app inside this process. */
function attemptsKey({ key, secretFp }: AppIdentity): string {
  return `${key} ${secretFp}`;
}

/** Names the flight. A secret that a caller brings may wait for its turn, so callers who need not wait do not join it. */
function flightOf(app: AppIdentity): string {
  return `${attemptsKey(app)} ${app.credentials.isBrought === true ? "brought" : "own"}`;
}
