import * as z from "zod";
import { once } from "../../once.ts";
import { Secret } from "../../secret.ts";
import { pairRest } from "../contract/pair_rest.ts";
import { tokenArgument, tokenRule } from "../contract/token_argument.ts";
import { secondsLeft, toUnixSeconds } from "../contract/token_times.ts";
import { defineTool, type Tool } from "../contract/tool.ts";

const REFRESH_TOKEN_RULE = tokenRule({ en: "a refresh token", zh: "refresh_token" });

const input = once(() =>
  z.strictObject({
    refresh_token: tokenArgument(REFRESH_TOKEN_RULE, "refresh").describe(
      "The refresh token that came with the user's access token. It need not be the newest one.",
    ),
  })
);

const output = once(() =>
  z.strictObject({
    access_token: z.string().describe(
      "The user_access_token. Send it as `Authorization: Bearer <token>`. Secret.",
    ),
    expires_in: z.int().min(0).describe("Seconds that remained when this was answered."),
    expires_at: z.int().min(0).describe("When it expires, in Unix seconds."),
    token_type: z.string().describe("How to present the token: Bearer."),
    replayed: z.boolean().describe(
      "True when this pair was kept from an earlier refresh and Feishu was not asked.",
    ),
    refresh_token: z.string().optional().describe("Replaces the refresh token that was presented. Secret."),
    refresh_token_expires_in: z.int().min(0).optional().describe(
      "Seconds that remain for the new refresh token.",
    ),
    scope: z.string().optional().describe("Permissions of the token, separated by spaces."),
    warning: z.string().optional().describe("Present when something is not as usual: why, and what to do."),
  })
);

/** `refresh_feishu_user_token`: a working user token for a refresh token, without ever losing its successor. */
export const refreshFeishuUserToken: Tool = defineTool({
  name: "refresh_feishu_user_token",
  title: { en: "Refresh a Feishu user token", zh: "刷新飞书用户令牌" },
  description:
    "Exchanges a Feishu (Lark) refresh token for a user access token that works now, and for the refresh token that " +
    "replaces it. A user_access_token acts as the person who authorized the app, for what the app may not do in its own " +
    "name. Call it when a user access token has expired or is about to. A refresh token works once at Feishu; presenting " +
    "the same one here again is safe, also after a lost answer, and returns the newest pair. Use the refresh token of the " +
    "answer from then on. If an error asks for a new authorization, tell the user: no retry helps. All tokens are secrets: " +
    "hand them on only where they are needed; never print them or repeat them in an answer.",
  input,
  rules: { refresh_token: REFRESH_TOKEN_RULE },
  output,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  async handler({ refresh_token }, context): Promise<z.input<ReturnType<typeof output>>> {
    const { tokens, credentials, clock, language } = context;
    const app = credentials();
    const token = await tokens.refreshUserToken(app, new Secret(refresh_token), context);
    const nowMs = clock.now();
    return {
      access_token: token.accessToken.reveal(),
      expires_in: secondsLeft(token, nowMs),
      expires_at: toUnixSeconds(token.expiresAtMs),
      token_type: token.tokenType,
      replayed: token.replayed,
      ...pairRest(token, nowMs, { language, brand: app.brand }),
    };
  },
});
