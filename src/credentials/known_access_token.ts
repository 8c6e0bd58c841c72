import type { Phrase } from "../errors/language.ts";
import { jwtClaims } from "./jwt_claims.ts";

const USER_TOKEN: Phrase = { en: "a user access token", zh: "用户令牌（user_access_token）" };
/** The beginnings of Feishu's access tokens. Its refresh tokens begin with `ur-`, or are JWTs. */
const PREFIXES: readonly (readonly [prefix: string, what: Phrase])[] = [
  ["u-", USER_TOKEN],
  ["t-", {
    en: "an app or tenant access token",
    zh: "应用令牌或租户令牌（app_access_token、tenant_access_token）",
  }],
  ["a-", { en: "an app access token", zh: "应用令牌（app_access_token）" }],
];

/** The kind of access token that `token` is by its prefix or its claims; `undefined` where that is uncertain. */
export function knownAccessToken(token: string): Phrase | undefined {
  const known = PREFIXES.find(([prefix]) => token.startsWith(prefix));
  if (known !== undefined) return known[1];
  return jwtClaims(token)?.typ === "access_token" ? USER_TOKEN : undefined;
}
