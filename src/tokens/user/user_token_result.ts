import { defined } from "../../defined.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { TokenRecord } from "../../ports/store.ts";
import type { UserTokenResult } from "../../ports/tokens.ts";

/** The pair of `record` as it is handed out. What `rest` warns of counts more than how the pair was read. */
export function userTokenResult(
  { token }: TokenRecord,
  rest: Pick<UserTokenResult, "replayed" | "warning">,
): UserTokenResult {
  const {
    accessToken,
    expiresAtMs,
    lifetimeMs,
    tokenType,
    refreshToken,
    refreshExpiresAtMs,
    scope,
    isSalvaged,
  } = token;
  return {
    accessToken,
    expiresAtMs,
    lifetimeMs,
    tokenType: tokenType ?? "Bearer",
    ...defined({ refreshToken, refreshExpiresAtMs, scope }),
    ...(isSalvaged === true ? { warning: new TokenError("feishu_answer_salvaged") } : {}),
    ...rest,
  };
}
