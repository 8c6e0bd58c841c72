import { defined } from "../../defined.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { TokenRecord } from "../../ports/store.ts";
import type { UserTokenResult } from "../../ports/tokens.ts";

/** The answer with the pair of `record`. A warning in `rest` overrides the one about a salvaged answer. */
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
