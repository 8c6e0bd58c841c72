import { defined } from "../../defined.ts";
import { jwtClaims } from "../../credentials/jwt_claims.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AppCredentials, FeishuPort } from "../../ports/feishu.ts";
import type { LoginOwner } from "../../ports/login_owner.ts";
import type { KeptLogin, KeptUserToken, UserTokenRequest } from "../../ports/logins.ts";
import { tokenIn } from "../../ports/record_order.ts";
import type { Status, TokenRecord } from "../../ports/store.ts";
import type { CallContext, RejectedToken, ReplacementToken } from "../../ports/tokens.ts";
import type { SingleFlight } from "../../concurrency/single_flight.ts";
import type { AppTokens } from "../app/app_tokens.ts";
import type { DurablePairs } from "../renewal/durable_pairs.ts";
import { issuedMsAgo } from "../renewal/issued_ms_ago.ts";
import type { RecordRef } from "../renewal/record_ref.ts";
import { remainingMs, SERVE_FLOOR_MS, USER_MANDATORY_MS } from "../renewal/remaining_ms.ts";
import type { Renewed } from "../renewal/renewal_strategy.ts";
import { withinCallerDeadline } from "../renewal/within_caller_deadline.ts";
import { DAY_MS, keptLoginOf, markOf, refreshEndsAtMs, userOf } from "./grant_view.ts";
import type { GrantCall, Grants } from "./grants.ts";
import type { KeptGrant, KeptGrants } from "./kept_grants.ts";

/** A kept user token with less than this left is renewed in the background when somebody asks for it. */
const ADVISORY_MS = 15 * 60_000;
/** A grant is renewed on behalf of callers at most once in this time, in milliseconds. */
const RENEWAL_PAUSE_MS = 60_000;

/** Serves the user tokens of grants, and renews them. */
export class GrantTokens {
  readonly #options: GrantTokensOptions;

  /** For one process. */
  constructor(options: GrantTokensOptions) {
    this.#options = options;
  }

  /**
   * A user token with at least `minTtlMs` left. A token that still works is served with a warning where it cannot be
   * renewed (promise 4).
   *
   * @throws TokenError `not_logged_in`, `user_ambiguous`, `scope_not_granted`, Feishu's refusal of the app's secret, or
   * why there is no newer token.
   */
  async userToken(
    owner: LoginOwner,
    credentials: AppCredentials,
    { user, scopes = [], minTtlMs }: UserTokenRequest,
    call: CallContext,
  ): Promise<KeptUserToken> {
    const { clock } = this.#options;
    const { ref } = await this.#options.kept.find(owner, credentials, user);
    const { record, status } = await this.#read(ref, call);
    assertScopes(record, scopes);
    const isEnough = (found: TokenRecord): boolean =>
      this.#leftMs(found) >= Math.max(minTtlMs, SERVE_FLOOR_MS);
    if (isEnough(record)) {
      if (this.#leftMs(record) < ADVISORY_MS) this.#renewAhead(ref, credentials, call);
      return served(ref, record, this.#endWarning(record));
    }
    if (this.#isRenewedJustNow(record) && this.#leftMs(record) >= SERVE_FLOOR_MS) {
      const retryAfterMs = RENEWAL_PAUSE_MS;
      return served(ref, record, new TokenError("token_ends_soon", { retryAfterMs }));
    }
    try {
      const renewed = await withinCallerDeadline(
        clock,
        this.renew(ref, credentials, call, (found) => isEnough(found) || this.#isRenewedJustNow(found)),
        call,
      );
      assertScopes(renewed.record, scopes);
      return served(ref, renewed.record, this.#endWarning(renewed.record));
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      // The person has not logged out meanwhile, and the kept token still works.
      const isUsable = this.#leftMs(record) >= SERVE_FLOOR_MS && error.code !== "not_logged_in" &&
        error.code !== "scope_not_granted";
      if (isUsable) return served(ref, record, error);
      throw loginNeeded(error, record, status);
    }
  }

  /** The pair of a grant, renewed unless it is enough. */
  renew(
    ref: RecordRef,
    credentials: AppCredentials,
    call: CallContext,
    isEnough: (record: TokenRecord) => boolean,
    patient = true,
  ): Promise<Renewed> {
    return this.#options.grants.renew(ref, this.#grantCall(credentials, call, isEnough, patient));
  }

  /**
   * A grant as people see it; `null` where there is none any more.
   *
   * @throws TokenError `store_unavailable` or `store_unreadable`.
   */
  async view({ ref }: Pick<KeptGrant, "ref">): Promise<KeptLogin | null> {
    const { pairs, clock } = this.#options;
    const { token, status } = await pairs.read(ref);
    const record = tokenIn(token.value);
    return record === null ? null : keptLoginOf(ref.name, record, status.value, clock.now());
  }

  /**
   * Replaces `rejected` if a grant of the caller has it: by the newest token, else by one renewal. An older token of a
   * grant is told by its claims.
   *
   * @returns `null` where no grant of the caller has it.
   * @throws TokenError why there is no other token.
   */
  async replaceRejected(
    credentials: AppCredentials,
    { accessToken: rejected }: RejectedToken,
    call: CallContext,
  ): Promise<ReplacementToken | null> {
    if (call.owner === undefined) return null;
    const claimed = jwtClaims(rejected.reveal())?.auth_id;
    for (const { ref } of await this.#options.kept.of(call.owner, credentials)) {
      const record = tokenIn((await this.#options.pairs.read(ref)).token.value);
      if (record === null) continue;
      const isNewest = record.token.accessToken.reveal() === rejected.reveal();
      if (!isNewest && (claimed === undefined || record.auth?.id !== claimed)) continue;
      await this.#options.appTokens.prove(credentials, record.secretFp, call);
      if (!isNewest) return replacement(record, { isRenewed: false, isSame: false });
      if (this.#isRenewedJustNow(record)) return replacement(record, { isRenewed: false, isSame: true });
      const renewed = await this.renew(ref, credentials, call, ({ fp }) => fp !== record.fp);
      return replacement(renewed.record, { isRenewed: renewed.asked, isSame: false });
    }
    return null;
  }

  /** The newest record of a grant whose secret the caller has; while the store is away, what this process remembers. */
  async #read(
    ref: RecordRef,
    call: CallContext,
  ): Promise<{ readonly record: TokenRecord; readonly status: Status | null }> {
    const { pairs, appTokens } = this.#options;
    const { credentials } = ref.name;
    try {
      const { token, status } = await pairs.read(ref);
      const record = tokenIn(token.value);
      if (record === null) throw new TokenError("not_logged_in");
      await appTokens.prove(credentials, record.secretFp, call);
      return { record, status: status.value };
    } catch (error) {
      if (!(error instanceof TokenError) || error.code !== "store_unavailable") throw error;
      const known = await pairs.remembered(ref);
      if (known === null) throw error;
      await appTokens.prove(credentials, known.record.secretFp, call, true);
      return { record: known.record, status: null };
    }
  }

  #renewAhead(ref: RecordRef, credentials: AppCredentials, call: CallContext): void {
    const { flights } = this.#options;
    if (flights.inProgress(ref.key)) return;
    const { log } = call;
    const isEnough = (record: TokenRecord): boolean => this.#leftMs(record) >= ADVISORY_MS;
    void flights.detach(async () => {
      await this.renew(ref, credentials, { log }, isEnough, false).catch((error: unknown) => {
        if (!(error instanceof TokenError)) throw error;
        log.debug("grant not renewed ahead of time", { error_code: error.code });
      });
    });
  }

  #grantCall(
    credentials: AppCredentials,
    call: CallContext,
    isEnough: (record: TokenRecord) => boolean,
    patient: boolean,
  ): GrantCall {
    const { feishu, appTokens } = this.#options;
    return {
      present: (refreshToken, timeoutMs, at) =>
        feishu.refreshUserToken({ credentials, refreshToken, timeoutMs, ...at }),
      appToken: async () => (await appTokens.get(credentials, USER_MANDATORY_MS, call)).accessToken,
      isEnough,
      patient,
      log: call.log,
    };
  }

  #leftMs({ token }: TokenRecord): number {
    return remainingMs(token, this.#options.clock.now());
  }

  #isRenewedJustNow(record: TokenRecord): boolean {
    return Math.abs(issuedMsAgo(record, this.#options.clock.now())) < RENEWAL_PAUSE_MS;
  }

  /** The warning about a grant whose end no renewal can move; `undefined` where that is far. */
  #endWarning(record: TokenRecord): TokenError | undefined {
    const leftMs = (record.auth?.endsS ?? Infinity) * 1_000 - this.#options.clock.now();
    if (leftMs >= END_WARNING_MS) return undefined;
    const days = Math.max(0, Math.ceil(leftMs / DAY_MS));
    return new TokenError("login_ends_soon", {
      detail: { en: `in ${days} ${days === 1 ? "day" : "days"}`, zh: `剩余 ${days} 天` },
    });
  }
}

/** From this much before its end on, a grant is served with a warning. */
const END_WARNING_MS = 7 * DAY_MS;

/** What {@linkcode GrantTokens} needs. */
export interface GrantTokensOptions {
  /** Finds grants. */
  readonly kept: KeptGrants;
  /** Renews them. */
  readonly grants: Grants;
  /** Reads them. */
  readonly pairs: DurablePairs;
  /** Proves the app's secret, and gets the app token that some endpoints need. */
  readonly appTokens: AppTokens;
  /** Takes refresh tokens. */
  readonly feishu: FeishuPort;
  /** Renewals in the background. */
  readonly flights: SingleFlight;
  /** Tells what is left of a token. */
  readonly clock: Clock;
}

/**
 * Checks that a grant has the scopes that a call needs.
 *
 * @throws TokenError `scope_not_granted`, which names them.
 */
function assertScopes({ token: { scope = "" } }: TokenRecord, needed: readonly string[]): void {
  const granted = new Set(scope.split(" "));
  const missing = needed.filter((each) => !granted.has(each));
  if (missing.length === 0) return;
  const names = missing.join(" ");
  throw new TokenError("scope_not_granted", {
    detail: { en: names, zh: names },
    nextStep: {
      en: `{start_login} with the scopes ${names}; a renewal adds none.`,
      zh: `{start_login}，并申请权限 ${names}；刷新不会带来新的权限。`,
    },
  });
}

function served(ref: RecordRef, record: TokenRecord, warning: TokenError | undefined): KeptUserToken {
  const { accessToken, expiresAtMs, lifetimeMs, tokenType = "Bearer", scope = "" } = record.token;
  return {
    accessToken,
    expiresAtMs,
    lifetimeMs,
    tokenType,
    scope,
    user: userOf(ref.name, record),
    ...defined({ warning }),
  };
}

function replacement(
  { token }: TokenRecord,
  { isRenewed, isSame }: { readonly isRenewed: boolean; readonly isSame: boolean },
): ReplacementToken {
  const { accessToken, expiresAtMs, lifetimeMs, tokenType = "Bearer", scope } = token;
  return {
    kind: "user",
    accessToken,
    expiresAtMs,
    lifetimeMs,
    tokenType,
    isRenewed,
    isSame,
    ...defined({ scope, warning: isSame ? new TokenError("same_token_returned") : undefined }),
  };
}

/**
 * `error` in the words of a grant: a renewal that fails for good needs a new login, and callers hold no refresh token
 * that they could compare.
 */
function loginNeeded(error: TokenError, record: TokenRecord, status: Status | null): TokenError {
  const isOver = error.row.kind === "login" || error.row.kind === "ambiguous";
  const isForGood = markOf(record, status) !== null || refreshEndsAtMs(record) === -Infinity;
  if (!isOver || (error.detail.retryAfterMs !== undefined && !isForGood)) return error;
  if (error.detail.nextStep !== undefined) return error;
  return new TokenError(error.code, {
    ...error.detail,
    nextStep: { en: "{start_login}; nothing else helps.", zh: "{start_login}；没有其他办法。" },
    cause: error,
  });
}
