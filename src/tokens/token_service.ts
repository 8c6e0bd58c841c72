import { defined } from "../defined.ts";
import type { Phrase } from "../errors/language.ts";
import { TokenError } from "../errors/token_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { ApiRefusals, AppCredentials, FeishuPort, RefreshEndpoint } from "../ports/feishu.ts";
import type { Liveness } from "../ports/liveness.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import type { Fingerprints, Journal, RecordStore } from "../ports/store.ts";
import type {
  AppTokenResult,
  CallContext,
  RejectedToken,
  ReplacementToken,
  ServiceHealth,
  TokenService,
  UserTokenResult,
} from "../ports/tokens.ts";
import type { Secret } from "../secret.ts";
import { AppTokens } from "./app/app_tokens.ts";
import { withinCallerDeadline } from "./renewal/within_caller_deadline.ts";
import { assertLimits } from "./renewal/limits.ts";
import { SingleFlight } from "../concurrency/single_flight.ts";
import { DurablePairs } from "./renewal/durable_pairs.ts";
import { type LeaseOwner, Leases } from "./renewal/leases.ts";
import { Rejections } from "./rejections.ts";
import { RefreshEndpoints } from "./user/refresh_endpoints.ts";
import { Renewal } from "./renewal/renewal.ts";
import { TenantTokens } from "./app/tenant_tokens.ts";
import { UnprovenSecrets } from "./app/unproven_secrets.ts";
import { UserTokens } from "./user/user_tokens.ts";
import { FailureMarks } from "./renewal/failure_marks.ts";

/** A probe writes to the store, so its result is reused for this long. */
const HEALTH_REUSE_MS = 2_000;
const JOURNAL_FAILED: Phrase = {
  en: "The journal of the token store cannot be written",
  zh: "令牌存储的恢复日志无法写入",
};
const STORE_FAILED: Phrase = { en: "The token store failed", zh: "令牌存储出错" };

/** Connects the domain to its ports. One a process. */
export function createTokenService(options: TokenServiceOptions): TokenService {
  assertLimits();
  const { store, journal, fingerprints, feishu, owner, liveness, clock, random, log, stopping } = options;
  const flights = new SingleFlight();
  const pairs = new DurablePairs({
    ...{ store, journal, clock, random, log, flights, stopping },
    ...defined({ ended: options.ended }),
  });
  const leases = new Leases({ store, clock, random, owner, liveness });
  const marks = new FailureMarks({ store, clock, leases });
  const { pausePatienceMs } = options;
  const renewal = new Renewal({ pairs, leases, marks, clock, random, stopping, pausePatienceMs });
  const unproven = new UnprovenSecrets(clock, stopping);
  const ofApps = { renewal, store, feishu, fingerprints, flights, unproven, clock, random };
  const appTokens = new AppTokens({ ...ofApps, kind: "app" });
  const tenantTokens = new TenantTokens(ofApps, appTokens);
  const endpoints = new RefreshEndpoints(options.refreshEndpoint);
  const userTokens = new UserTokens({
    renewal,
    pairs,
    store,
    appTokens,
    endpoints,
    feishu,
    fingerprints,
    flights,
    unproven,
    clock,
  });
  const rejections = new Rejections({
    appTokens,
    tenantTokens,
    userTokens,
    fingerprints,
    findApiRefusal: options.findApiRefusal,
  });
  let health: AskedHealth | undefined;

  return {
    async appToken(
      credentials: AppCredentials,
      minTtlMs: number,
      call: CallContext,
    ): Promise<AppTokenResult> {
      return appTokens.held(credentials, minTtlMs, call) ??
        await withinCallerDeadline(clock, appTokens.get(credentials, minTtlMs, call), call);
    },
    async tenantToken(
      credentials: AppCredentials,
      minTtlMs: number,
      call: CallContext,
    ): Promise<AppTokenResult> {
      return tenantTokens.held(credentials, minTtlMs, call) ??
        await withinCallerDeadline(clock, tenantTokens.get(credentials, minTtlMs, call), call);
    },
    refreshUserToken(
      credentials: AppCredentials,
      token: Secret,
      call: CallContext,
    ): Promise<UserTokenResult> {
      return userTokens.refresh(credentials, token, call);
    },
    replaceRejected(
      credentials: AppCredentials,
      rejected: RejectedToken,
      call: CallContext,
    ): Promise<ReplacementToken> {
      const work = flights.detach(() => rejections.report(credentials, rejected, call));
      // With a refresh token, `UserTokens.refresh()` bounds the wait.
      return rejected.refreshToken === undefined ? withinCallerDeadline(clock, work, call) : work;
    },
    health(): Promise<ServiceHealth> {
      // A probe in progress is joined, however old: while the store is away each new probe would leave a call behind.
      if (health === undefined || (health.isOver && clock.monotonic() - health.atMs > HEALTH_REUSE_MS)) {
        const value = probe(store, journal, pairs);
        const asked: AskedHealth = { atMs: clock.monotonic(), value, isOver: false };
        void value.then(() => asked.isOver = true);
        health = asked;
      }
      return health.value;
    },
    drain: () => flights.drain(),
  };
}

/** What {@linkcode createTokenService} needs. */
export interface TokenServiceOptions {
  /** Where the records are. */
  readonly store: RecordStore;
  /** Holds issued pairs until the store has them; `null` where there is no durable disk. */
  readonly journal: Journal | null;
  /** Compares tokens and secrets without showing them. */
  readonly fingerprints: Fingerprints;
  /** Feishu's token endpoints. */
  readonly feishu: FeishuPort;
  /** Finds the codes of Feishu's APIs that say nothing against a token. */
  readonly findApiRefusal: ApiRefusals;
  /** This process. */
  readonly owner: LeaseOwner;
  /** Tells which other processes of this machine live. */
  readonly liveness: Liveness;
  /** Tells the time and bounds the waits. */
  readonly clock: Clock;
  /** Nonces and jitter. */
  readonly random: Random;
  /** One line an event. */
  readonly log: Log;
  /** `FEISHU_REFRESH_ENDPOINT`. */
  readonly refreshEndpoint?: RefreshEndpoint | undefined;
  /**
   * Longest total wait of one call for cool-downs that other calls have started, in milliseconds. Without it a call waits
   * only for a cool-down that is nearly over.
   */
  readonly pausePatienceMs?: number | undefined;
  /** Aborted when the process is about to end. Ends waits, and retries of commits whose pair is in the journal. */
  readonly stopping: AbortSignal;
  /** Aborted at the very end: ends all retries. Without it `stopping` is the end. */
  readonly ended?: AbortSignal;
}

/** A probe of the store and its answer. */
interface AskedHealth {
  /** When it began, by the monotonic clock in milliseconds. */
  readonly atMs: number;
  /** Never rejects. */
  readonly value: Promise<ServiceHealth>;
  /** Whether it has ended. */
  isOver: boolean;
}

async function probe(
  store: RecordStore,
  journal: Journal | null,
  pairs: DurablePairs,
): Promise<ServiceHealth> {
  const failure = await failureOf(store.probe()) ?? await failureOf(journal?.probe(), JOURNAL_FAILED);
  if (failure !== undefined) return failure;
  if (pairs.unstored === 0) return { ok: true };
  const { unstored } = pairs;
  return {
    ok: false,
    reason: {
      en: `${unstored} token(s) not written to the store yet`,
      zh: `有 ${unstored} 个令牌尚未写入存储`,
    },
  };
}

/** The failure of `probe`, if it failed; everyone may read `what` instead of the details. */
async function failureOf(
  probe: Promise<void> | undefined,
  what?: Phrase,
): Promise<ServiceHealth | undefined> {
  try {
    await probe;
    return undefined;
  } catch (error) {
    if (!(error instanceof TokenError)) return { ok: false, reason: STORE_FAILED };
    return { ok: false, reason: error.problem, publicReason: what ?? error.row.message };
  }
}
