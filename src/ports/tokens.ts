import type { Secret } from "../secret.ts";
import type { Phrase } from "../errors/language.ts";
import type { TokenError } from "../errors/token_error.ts";
import type { AppCredentials } from "./feishu.ts";
import type { LoginOwner } from "./login_owner.ts";
import type { Log } from "./log.ts";

/** Facts of one call that an entry point (MCP, HTTP, command line) passes to the domain. */
export interface CallContext {
  /** Carries the request id. */
  readonly log: Log;
  /** Aborted when the caller is gone. It ends the caller's wait, never a renewal. */
  readonly signal?: AbortSignal;
  /**
   * IP address of the caller in canonical form (an IPv4-mapped IPv6 address as IPv4), from the connection or from a trusted
   * proxy. Absent over stdio and for commands.
   */
  readonly address?: string | undefined;
  /** Whose kept logins the caller may use; absent for a caller who has none. */
  readonly owner?: LoginOwner | undefined;
}

/** An app or tenant token to hand out. */
export interface AppTokenResult {
  /** The token itself. */
  readonly accessToken: Secret;
  /** Unix milliseconds, as Feishu granted it. */
  readonly expiresAtMs: number;
  /** Lifetime that Feishu granted, in milliseconds: no more can be left, whatever the clock says. */
  readonly lifetimeMs?: number;
  /** Why less time is left than was asked for. */
  readonly warning?: TokenError;
}

/** A user token to hand out, with the refresh token that replaces the one presented. */
export interface UserTokenResult {
  /** The access token itself. */
  readonly accessToken: Secret;
  /** Unix milliseconds, as Feishu granted it. */
  readonly expiresAtMs: number;
  /** Lifetime that Feishu granted, in milliseconds: no more can be left, whatever the clock says. */
  readonly lifetimeMs?: number;
  /** How to present it; `Bearer` wherever Feishu says anything. */
  readonly tokenType: string;
  /** Whether the pair was stored by an earlier refresh, so that Feishu was not asked. */
  readonly replayed: boolean;
  /** Replaces the one presented; absent where Feishu gave none. */
  readonly refreshToken?: Secret;
  /** Unix milliseconds. */
  readonly refreshExpiresAtMs?: number;
  /** Space-separated, as Feishu gave it. */
  readonly scope?: string;
  /** What the caller should know about the pair, for instance why less time is left than usual. */
  readonly warning?: TokenError;
}

/** An access token that one of Feishu's APIs refused. */
export interface RejectedToken {
  /** The app's, the tenant's, or a user's. */
  readonly accessToken: Secret;
  /** The refresh token that came with a user's access token: only it opens the stored record. Absent for other tokens. */
  readonly refreshToken?: Secret;
  /** The code that the API answered. */
  readonly feishuCode?: number;
}

/** Replacement for a rejected token; for a user's token the whole pair. */
export interface ReplacementToken extends Omit<UserTokenResult, "replayed"> {
  /** Whose token it is. */
  readonly kind: "app" | "tenant" | "user";
  /** Whether Feishu was asked for it now. Else it was stored already. */
  readonly isRenewed: boolean;
  /** Whether it is the rejected token itself, because Feishu issues no other for now. */
  readonly isSame: boolean;
}

/** The domain's front. For every expected failure a method throws `TokenError` and nothing else. */
export interface TokenService {
  /** An app token with at least `minTtlMs` milliseconds left (promise 1). */
  appToken(credentials: AppCredentials, minTtlMs: number, call: CallContext): Promise<AppTokenResult>;
  /** A tenant token with at least `minTtlMs` milliseconds left (promise 1). */
  tenantToken(credentials: AppCredentials, minTtlMs: number, call: CallContext): Promise<AppTokenResult>;
  /** Spends `refreshToken`, or returns its newest successor if it was spent already (promise 5). */
  refreshUserToken(
    credentials: AppCredentials,
    refreshToken: Secret,
    call: CallContext,
  ): Promise<UserTokenResult>;
  /** Replaces `rejected` by a newer stored token, else by the token of one renewal. */
  replaceRejected(
    credentials: AppCredentials,
    rejected: RejectedToken,
    call: CallContext,
  ): Promise<ReplacementToken>;
  /** Whether a probe of store and journal has just succeeded, and every issued pair is stored; else why not. */
  health(): Promise<ServiceHealth>;
  /** Resolves when no renewal is in flight. */
  drain(): Promise<void>;
}

/** Health of the service: whether tokens that Feishu issues now would survive a restart. */
export interface ServiceHealth {
  /** Whether they would. */
  readonly ok: boolean;
  /** One line for the operator, when not ok. May name a path of this machine, never a secret. */
  readonly reason?: Phrase;
  /** The part of it that everyone may read, where that is not all. Names no path or address. */
  readonly publicReason?: Phrase;
}
