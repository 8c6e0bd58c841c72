import * as z from "zod";
import { once } from "../../once.ts";
import { defined } from "../../defined.ts";
import type { Phrase } from "../../errors/language.ts";
import { userField, userSchema } from "../contract/user_field.ts";
import { SCOPES_RULE, scopesArgument } from "../contract/scopes_argument.ts";
import { secondsLeft, toUnixSeconds } from "../contract/token_times.ts";
import { defineTool, type Tool } from "../contract/tool.ts";
import { LOGGED_IN_USER_RULE, loggedInUser } from "../contract/logged_in_user.ts";

/** A user's token lives for two hours at most, and is renewed at any time. */
const MAX_USER_TTL_SECONDS = 3600;
const DEFAULT_USER_TTL_SECONDS = 300;
const USER_TTL_RULE: Phrase = {
  en: `must be a whole number from 0 to ${MAX_USER_TTL_SECONDS}`,
  zh: `必须是 0 到 ${MAX_USER_TTL_SECONDS} 之间的整数`,
};

const input = once(() =>
  z.strictObject({
    user: loggedInUser().optional().describe(
      "Whose token: an open_id, or a name that only one of them has. Needed only where several people are logged in.",
    ),
    scopes: scopesArgument(
      "The permissions that the call needs: without one of them there is an error, and no token that Feishu would refuse.",
    ),
    min_ttl_seconds: z.int(USER_TTL_RULE.en).min(0, USER_TTL_RULE.en).max(
      MAX_USER_TTL_SECONDS,
      USER_TTL_RULE.en,
    )
      .default(DEFAULT_USER_TTL_SECONDS)
      .describe(`How many seconds the token must still work for; ${DEFAULT_USER_TTL_SECONDS} by default.`),
  })
);

const output = once(() =>
  z.strictObject({
    access_token: z.string().describe(
      "The user_access_token. Send it as `Authorization: Bearer <token>`. Secret.",
    ),
    expires_at: z.int().min(0).describe("When it expires, in Unix seconds."),
    expires_in: z.int().min(0).describe("Seconds that remained when this was answered."),
    token_type: z.string().describe("How to present the token: Bearer."),
    scope: z.string().describe("Permissions of the token, separated by spaces."),
    user: userSchema(),
    warning: z.string().optional().describe("Present when something is not as usual: why, and what to do."),
  })
);

/** `get_feishu_user_token`: the token of a person who has logged in here, renewed by the server. */
export const getFeishuUserToken: Tool = defineTool({
  name: "get_feishu_user_token",
  title: { en: "Get a Feishu user token", zh: "获取飞书用户令牌" },
  description:
    "Returns a user_access_token that works now, of a person who has logged in to this server (start_feishu_login). A " +
    "call with it acts as that user and reaches what that person may see and do in Feishu (Lark); a call with a " +
    "tenant_access_token acts as the app itself: use get_feishu_tenant_token where that is enough. Call it right before " +
    "the call, and again whenever you need the token: it is cached and renewed here, and there is no refresh token to " +
    "keep. The errors not_logged_in, user_ambiguous and scope_not_granted say which tool to call next. The token is a " +
    "secret: put it into the Authorization header only; never print it, store it, or repeat it in an answer.",
  input,
  rules: { user: LOGGED_IN_USER_RULE, scopes: SCOPES_RULE, min_ttl_seconds: USER_TTL_RULE },
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async handler({ user, scopes, min_ttl_seconds }, context): Promise<z.input<ReturnType<typeof output>>> {
    const { logins, credentials, clock, language } = context;
    const app = credentials();
    const wanted = { ...defined({ user, scopes }), minTtlMs: min_ttl_seconds * 1000 };
    const token = await logins.userToken(app, wanted, context.withOwner());
    return {
      access_token: token.accessToken.reveal(),
      expires_at: toUnixSeconds(token.expiresAtMs),
      expires_in: secondsLeft(token, clock.now()),
      token_type: token.tokenType,
      scope: token.scope,
      user: userField(token.user),
      ...defined({ warning: token.warning?.sentence({ language, brand: app.brand }) }),
    };
  },
});
