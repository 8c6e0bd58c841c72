import { shownApp } from "./shown_app.ts";
import { defined } from "../../defined.ts";
import type { Audience } from "../../errors/audience.ts";
import { toUnixSeconds } from "../../mcp/contract/token_times.ts";
import type { KeptLogin, LoginUser } from "../../ports/logins.ts";

/** A person, for programs. */
export interface UserReport {
  /** `ou_…` */
  readonly open_id: string;
  /** Absent where Feishu did not tell. */
  readonly name?: string;
  /** Absent where Feishu did not tell. */
  readonly tenant_key?: string;
}

/**
 * A kept login, for programs: the fields of `list_feishu_logins`, and which app and tenant it is of. Times are Unix
 * seconds.
 */
export interface LoginReport {
  /** `feishu` or `lark`. */
  readonly brand: string;
  /** Of the app. */
  readonly app_id: string;
  /** Who authorized it. */
  readonly user: UserReport;
  /** Space-separated. */
  readonly scope: string;
  /** End of the token that is kept now. */
  readonly access_token_expires_at: number;
  /** Until then it can be renewed. */
  readonly refresh_token_expires_at?: number;
  /** Until then it lasts whatever is done. */
  readonly login_ends_at?: number;
  /** Whether it can be renewed. */
  readonly renewable: boolean;
  /** When that was done last. */
  readonly last_renewed_at: number;
  /** When it is done although nobody asks. */
  readonly next_renewal_at?: number;
  /** Whether only a new login helps. */
  readonly needs_login: boolean;
  /** Why it was not renewed the last time, and what to do. */
  readonly problem?: string;
}

/** `login` for programs, in the language of `audience`. */
export function loginReport(login: KeptLogin, audience: Audience): LoginReport {
  const { brand, refreshTokenExpiresAtMs, loginEndsAtMs, nextRenewalAtMs } = login;
  return {
    brand,
    app_id: shownApp(login.appId),
    user: userReport(login.user),
    scope: login.scope,
    access_token_expires_at: toUnixSeconds(login.accessTokenExpiresAtMs),
    ...defined({
      refresh_token_expires_at: secondsOf(refreshTokenExpiresAtMs),
      login_ends_at: secondsOf(loginEndsAtMs),
    }),
    renewable: login.renewable,
    last_renewed_at: toUnixSeconds(login.lastRenewedAtMs),
    ...defined({ next_renewal_at: secondsOf(nextRenewalAtMs) }),
    needs_login: login.needsLogin,
    ...defined({ problem: login.problem?.sentence({ ...audience, brand, door: "cli" }) }),
  };
}

/** `user` for programs. */
export function userReport({ openId, name, tenantKey }: LoginUser): UserReport {
  return { open_id: openId, ...defined({ name, tenant_key: tenantKey }) };
}

function secondsOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : toUnixSeconds(ms);
}
