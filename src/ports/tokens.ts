import type { Secret } from "../secret.ts";
import type { Phrase } from "../errors/language.ts";
import type { TokenError } from "../errors/token_error.ts";
import type { AppCredentials } from "./feishu.ts";
import type { Log } from "./log.ts";

/** What a door knows of one call. */
export interface CallContext {
  /** Carries the request id. */
  readonly log: Log;
  /** Aborted when the caller is gone. Ends the wait, never a renewal. */
  readonly signal?: AbortSignal;
  /**
   * IP address of the caller, in its canonical form (an IPv4-mapped IPv6 address as IPv4): of the connection, or as a
   * trusted proxy tells it. Absent where nobody calls over a network: over stdio and for commands.
   */
  readonly address?: string;
}

/** An app or tenant token to hand out. */
export interface AppTokenResult {
  /** The token itself. */
  readonly accessToken: Secret;
  /** Unix milliseconds, the true expiry. */
  readonly expiresAtMs: number;
  /** What Feishu granted, in milliseconds: no more can be left, whatever the clock says by now. */
  readonly lifetimeMs?: number;
  /** Why less time is left than was asked for. */
  readonly warning?: TokenError;
}

/** A user token to hand out, with the refresh token that replaces the one presented. */
export interface UserTokenResult {
  /** The token itself. */
  readonly accessToken: Secret;
  /** Unix milliseconds, the true expiry. */
  readonly expiresAtMs: number;
  /** What Feishu granted, in milliseconds: no more can be left, whatever the clock says by now. */
  readonly lifetimeMs?: number;
  /** How to present it; `Bearer` wherever Feishu says anything. */
  readonly tokenType: string;
  /** Whether this was kept from an earlier refresh: Feishu was not asked. */
  readonly replayed: boolean;
  /** Replaces the one presented; absent where Feishu gave none. */
  readonly refreshToken?: Secret;
  /** Unix milliseconds. */
  readonly refreshExpiresAtMs?: number;
  /** Space-separated, as Feishu gave it. */
  readonly scope?: string;
  /** Why less time is left than usual. */
  readonly warning?: TokenError;
}

/** An access token that one of Feishu's APIs refused. */
export interface RejectedToken {
  /** The app's, the tenant's, or a user's. */
  readonly accessToken: Secret;
  /** Came with a user's access token: nothing else opens what is kept of it. Absent for the others. */
  readonly refreshToken?: Secret;
  /** The code that the API answered. */
  readonly feishuCode?: number;
}

/** What to use instead of a rejected token. Of a user's, the whole pair. */
export interface ReplacementToken extends Omit<UserTokenResult, "replayed"> {
  /** Whose token it is. */
  readonly kind: "app" | "tenant" | "user";
  /** Whether Feishu was asked for it now; else it was kept already. */
  readonly isRenewed: boolean;
  /** Whether it is the very token that was rejected: Feishu has no other for now. */
  readonly isSame: boolean;
}

/** The domain, as the doors see it. Every method throws `TokenError` and nothing else for what can be expected. */
export interface TokenService {
  /** The app's token with at least `minTtlMs` left. */
  appToken(credentials: AppCredentials, minTtlMs: number, call: CallContext): Promise<AppTokenResult>;
  /** The tenant's token with at least `minTtlMs` left. */
  tenantToken(credentials: AppCredentials, minTtlMs: number, call: CallContext): Promise<AppTokenResult>;
  /** Spends `refreshToken`, or returns the newest of the pairs that have come of it. */
  refreshUserToken(
    credentials: AppCredentials,
    refreshToken: Secret,
    call: CallContext,
  ): Promise<UserTokenResult>;
  /** What to use instead of `rejected`: what is newer already, else what one renewal brings. */
  replaceRejected(
    credentials: AppCredentials,
    rejected: RejectedToken,
    call: CallContext,
  ): Promise<ReplacementToken>;
  /** Whether the store was written to and read from just now; else why not. */
  health(): Promise<ServiceHealth>;
  /** Resolves when no renewal is in flight. */
  drain(): Promise<void>;
}

/** The state of the service: whether tokens that are issued now would survive a restart. */
export interface ServiceHealth {
  /** Whether all is well. */
  readonly ok: boolean;
  /** One line for the operator, when not ok. May name a place of this machine, never a secret. */
  readonly reason?: Phrase;
  /** What of it anybody may be told, where that is not all of it. Names no place. */
  readonly publicReason?: Phrase;
}
