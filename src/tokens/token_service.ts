import type { Phrase } from "../errors/language.ts";
import { TokenError } from "../errors/token_error.ts";
import type { AppCredentials } from "../ports/feishu.ts";
import type { Journal, RecordStore } from "../ports/store.ts";
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
import { Rejections, type ReplaceKept } from "./rejections.ts";
import type { DurablePairs } from "./renewal/durable_pairs.ts";
import { withinCallerDeadline } from "./renewal/within_caller_deadline.ts";
import type { TokenEngine } from "./token_engine.ts";
import { UserTokens } from "./user/user_tokens.ts";

/** A probe writes to the store, so its result is reused for this long. */
const HEALTH_REUSE_MS = 2_000;
const JOURNAL_FAILED: Phrase = {
  en: "The journal of the token store cannot be written",
  zh: "令牌存储的恢复日志无法写入",
};
const STORE_FAILED: Phrase = { en: "The token store failed", zh: "令牌存储出错" };

/** The domain's front on `engine`. One a process. */
export function createTokenService(engine: TokenEngine, replaceKept?: ReplaceKept): TokenService {
  const { store, journal, fingerprints, feishu, clock } = engine;
  const { flights, pairs, renewal, unproven, appTokens, tenantTokens, endpoints } = engine;
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
    findApiRefusal: engine.findApiRefusal,
    replaceKept,
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
