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

/** Renewals of tokens of one kind: one at a time for an app and a secret, whoever asks, and what comes of them in memory. */
export class AppRenewals {
  readonly #options: AppRenewalsOptions;
  readonly #memory: AppMemory;
  /** Until `untilMs` of the monotonic clock. */
  readonly #refused = new LruMap<{ readonly error: TokenError; readonly untilMs: number }>(
    REFUSALS_REMEMBERED,
  );

  /** That puts tokens into `memory`. */
  constructor(options: AppRenewalsOptions, memory: AppMemory) {
    this.#options = options;
    this.#memory = memory;
  }

  /** Whether one runs whose outcome the next caller would share. */
  isUnderWay(app: AppIdentity): boolean {
    return this.#options.flights.inProgress(flightOf(app));
  }

  /**
   * The record that Feishu, or another process, gives next; the one that is current where that `isEnough`.
   *
   * @throws TokenError why there is none; a refused secret is refused again for a while without asking.
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

  /** Renews what is `known` ahead of its end, in the background; after a failure not before a while has passed. */
  startAhead(app: AppIdentity, known: KnownApp, call: CallContext): void {
    const isEnough = (record: TokenRecord): boolean => record.fp !== known.record.fp;
    // Until the flight has landed nobody else needs to start it.
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

  /** While the store is away each process renews app tokens for itself: nothing is spent by it. */
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
  /** Which token of each app. */
  readonly kind: AppTokenKind;
  /** The engine. */
  readonly renewal: Renewal;
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

/** What the app and the secret of some credentials are known by. */
export interface AppIdentity {
  /** The credentials themselves. */
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

/** Who brings a secret may have to wait for his turn with it; nobody joins him who need not. */
function flightOf(app: AppIdentity): string {
  return `${attemptsKey(app)} ${app.credentials.isBrought === true ? "brought" : "own"}`;
}
