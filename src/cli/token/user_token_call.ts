import { defined } from "../../defined.ts";
import { secondsLeft, toUnixSeconds } from "../../mcp/contract/token_times.ts";
import type { ToolContext } from "../../mcp/contract/tool.ts";
import { readScopes } from "../command_line/read_scopes.ts";
import { MAX_USER_MIN_TTL_SECONDS, readMinTtl } from "./read_min_ttl.ts";
import type { TokenAnswer } from "./token_format.ts";

/** What `token user` prints as JSON: the result of `get_feishu_user_token`. */
export interface UserTokenAnswer extends TokenAnswer {
  /** Works now. */
  readonly access_token: string;
  /** Unix seconds. */
  readonly expires_at: number;
  /** Whole seconds left. */
  readonly expires_in: number;
  /** How to present it. */
  readonly token_type: string;
  /** Space-separated. */
  readonly scope: string;
  /** Whose it is. */
  readonly user: { readonly open_id: string; readonly name?: string };
}

/**
 * The call for the token of a kept login, its flags checked.
 *
 * @throws UsageError for a flag that cannot be read.
 */
export function userTokenCall(
  flags: Readonly<Record<string, string | true>>,
): (context: ToolContext) => Promise<UserTokenAnswer> {
  const minTtlMs = readMinTtl(flags["min-ttl"], MAX_USER_MIN_TTL_SECONDS);
  const user = typeof flags.user === "string" ? flags.user : undefined;
  const scopes = typeof flags.scope === "string" ? readScopes(flags.scope) : undefined;
  return async (context) => {
    const { logins, credentials, clock, language } = context;
    const app = credentials();
    const token = await logins.userToken(
      app,
      { ...defined({ user, scopes }), minTtlMs },
      context.withOwner(),
    );
    const { openId, name } = token.user;
    return {
      access_token: token.accessToken.reveal(),
      expires_at: toUnixSeconds(token.expiresAtMs),
      expires_in: secondsLeft(token, clock.now()),
      token_type: token.tokenType,
      scope: token.scope,
      user: defined({ open_id: openId, name }),
      ...defined({ warning: token.warning?.sentence({ language, brand: app.brand, door: "cli" }) }),
    };
  };
}
