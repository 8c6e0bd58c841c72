import { defined } from "../../defined.ts";
import * as z from "zod";
import { once } from "../../once.ts";
import type { Phrase } from "../../errors/language.ts";
import { Secret } from "../../secret.ts";
import { pairRest } from "../contract/pair_rest.ts";
import { tokenArgument, tokenRule } from "../contract/token_argument.ts";
import { secondsLeft, toUnixSeconds } from "../contract/token_times.ts";
import { defineTool, type Tool } from "../contract/tool.ts";

const TOKEN_RULE = tokenRule({ en: "an access token", zh: "访问令牌" });
const PAIRED_TOKEN_RULE = tokenRule({ en: "a refresh token", zh: "refresh_token" });
/** The largest signed 32-bit number: Feishu's codes have at most ten digits. */
const MAX_FEISHU_CODE = 2_147_483_647;
const FEISHU_CODE_RULE: Phrase = {
  en: `must be the code of Feishu's answer, a whole number from 1 to ${MAX_FEISHU_CODE}`,
  zh: `必须是飞书响应中的 code，1 到 ${MAX_FEISHU_CODE} 之间的整数`,
};

const input = once(() =>
  z.strictObject({
    token: tokenArgument(TOKEN_RULE, "access").describe(
      "The access token that Feishu refused: an app's, a tenant's or a user's. It may be pasted with the word Bearer.",
    ),
    refresh_token: tokenArgument(PAIRED_TOKEN_RULE, "refresh").optional().describe(
      "For a user's access token of refresh_feishu_user_token: the refresh token that came with it. Leave it out for an app " +
        "or tenant token, and for one of get_feishu_user_token.",
    ),
    feishu_code: z.int(FEISHU_CODE_RULE.en).min(1, FEISHU_CODE_RULE.en).max(
      MAX_FEISHU_CODE,
      FEISHU_CODE_RULE.en,
    )
      .optional().describe(
        "The `code` of Feishu's answer, such as 99991663. Only 99991663, 99991664, 99991665, 99991668, 99991671, 99991677, " +
          "20005, 20013 and 20014 blame the token; for every other one the answer says what helps instead.",
      ),
  })
);

const output = once(() =>
  z.strictObject({
    access_token: z.string().describe(
      "Use it instead of the one reported. Send it as `Authorization: Bearer <token>`. Secret.",
    ),
    token_kind: z.enum(["app", "tenant", "user"]).describe("Whose token it is: app, tenant or user."),
    expires_in: z.int().min(0).describe("Seconds that remained when this was answered."),
    expires_at: z.int().min(0).describe("When it expires, in Unix seconds."),
    token_type: z.string().describe("How to present the token: Bearer."),
    renewed: z.boolean().describe(
      "True when Feishu was asked for it now; false when this server knew of it already.",
    ),
    same_token_returned: z.boolean().describe(
      "True when it is the very token that was reported, since Feishu has no other for now: the warning says why, and when " +
        "to report it again, if at all.",
    ),
    refresh_token: z.string().optional().describe(
      "Where a refresh token was presented: replaces it. Secret.",
    ),
    refresh_token_expires_in: z.int().min(0).optional().describe(
      "Seconds that remain for the new refresh token.",
    ),
    scope: z.string().optional().describe("Permissions of the token, separated by spaces."),
    warning: z.string().optional().describe("Present when something is not as usual: why, and what to do."),
  })
);

/** `report_feishu_token_rejected`: another token for one that Feishu refused before its time was up. */
export const reportFeishuTokenRejected: Tool = defineTool({
  name: "report_feishu_token_rejected",
  title: { en: "Report that Feishu rejected a token", zh: "上报被飞书拒绝的令牌" },
  description:
    "Returns the token to use instead of one that a Feishu (Lark) API refused with a code such as 99991663, 99991664, " +
    "99991668 or 99991677, although its time was not up. Report the very token that was refused, and for a user " +
    "access token of refresh_feishu_user_token also the refresh_token that came with it; one of get_feishu_user_token is " +
    "reported alone. Then repeat the API call once with the token of the " +
    "answer. Several callers may report the same token: Feishu is asked once, and for a user's newest pair at most once a " +
    "minute. Do not call it for a missing permission, a rate limit or a wrong parameter, nor again when the new token is " +
    "refused as well: then the token is not the cause. All tokens are secrets: hand them on only where they are needed; " +
    "never print them or repeat them in an answer.",
  input,
  rules: { token: TOKEN_RULE, refresh_token: PAIRED_TOKEN_RULE, feishu_code: FEISHU_CODE_RULE },
  output,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  async handler({ token, refresh_token, feishu_code }, context): Promise<z.input<ReturnType<typeof output>>> {
    const { tokens, credentials, clock } = context;
    const app = credentials();
    const replacement = await tokens.replaceRejected(app, {
      accessToken: new Secret(token),
      ...(refresh_token === undefined ? {} : { refreshToken: new Secret(refresh_token) }),
      ...defined({ feishuCode: feishu_code }),
    }, context.withOwner());
    const nowMs = clock.now();
    return {
      access_token: replacement.accessToken.reveal(),
      token_kind: replacement.kind,
      expires_in: secondsLeft(replacement, nowMs),
      expires_at: toUnixSeconds(replacement.expiresAtMs),
      token_type: replacement.tokenType,
      renewed: replacement.isRenewed,
      same_token_returned: replacement.isSame,
      ...pairRest(replacement, nowMs, { language: context.language, brand: app.brand }),
    };
  },
});
