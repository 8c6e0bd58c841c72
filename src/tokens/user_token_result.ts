import type { TokenRecord } from "../ports/store.ts";
import type { UserTokenResult } from "../ports/tokens.ts";

/** The pair of `record` as it is handed out. */
export function resultOf(
  { token }: TokenRecord,
  rest: Pick<UserTokenResult, "replayed" | "warning">,
): UserTokenResult {
  const { accessToken, expiresAtMs, lifetimeMs, tokenType, refreshToken, refreshExpiresAtMs, scope } = token;
  return {
    accessToken,
    expiresAtMs,
    lifetimeMs,
    tokenType: tokenType ?? "Bearer",
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(refreshExpiresAtMs === undefined ? {} : { refreshExpiresAtMs }),
    ...(scope === undefined ? {} : { scope }),
    ...rest,
  };
}
