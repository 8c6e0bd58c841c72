import { z } from "zod";
import type { Phrase } from "../../errors/language.ts";
import { secondsLeft, toUnixSeconds } from "../token_times.ts";
import type { Tool } from "../tool.ts";

/** Feishu's app tokens live two hours: nobody can have more. */
const MAX_MIN_TTL_SECONDS = 7200;
const DEFAULT_MIN_TTL_SECONDS = 300;
const MIN_TTL_RULE: Phrase = {
  en: `must be a whole number from 0 to ${MAX_MIN_TTL_SECONDS}`,
  zh: `必须是 0 到 ${MAX_MIN_TTL_SECONDS} 之间的整数`,
};

const input = z.strictObject({
  min_ttl_seconds: z.int(MIN_TTL_RULE.en).min(0, MIN_TTL_RULE.en).max(MAX_MIN_TTL_SECONDS, MIN_TTL_RULE.en)
    .default(DEFAULT_MIN_TTL_SECONDS)
    .describe(
      "How many seconds the token must still work for. Leave it out unless a long job must not be interrupted: " +
        "Feishu issues a new token only when less than 30 minutes remain, so large values are often unreachable.",
    ),
});

const output = z.strictObject({
  app_access_token: z.string().describe("Send it as `Authorization: Bearer <token>`. Secret."),
  expires_at: z.int().min(0).describe("When it expires, in Unix seconds."),
  expires_in: z.int().min(0).describe("Seconds that remained when this was answered."),
  warning: z.string().optional().describe(
    "Present when less time is left than was asked for: why, and what to do.",
  ),
});

/** `get_feishu_app_token`: the app's own token, kept until it is about to expire. */
export const getFeishuAppToken: Tool<typeof input, typeof output> = {
  name: "get_feishu_app_token",
  title: { en: "Get a Feishu app token", zh: "获取飞书应用令牌" },
  description:
    "Returns an app_access_token of the configured Feishu (Lark) app that works now. Call it right before calling a " +
    "Feishu API that acts as the app, and again whenever you need the token: it is cached, so this is fast, and one " +
    "you kept may have expired. For an API that acts as a user, use a user access token instead. The token is a " +
    "secret: put it into the Authorization header only; never print it, store it, or repeat it in an answer.",
  input,
  rules: { min_ttl_seconds: MIN_TTL_RULE },
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async handler({ min_ttl_seconds }, context): Promise<z.input<typeof output>> {
    const { tokens, credentials, clock, language } = context;
    const app = credentials();
    const token = await tokens.appToken(app, min_ttl_seconds * 1000, context);
    return {
      app_access_token: token.accessToken.reveal(),
      expires_at: toUnixSeconds(token.expiresAtMs),
      expires_in: secondsLeft(token, clock.now()),
      ...(token.warning === undefined
        ? {}
        : { warning: token.warning.sentence({ language, brand: app.brand }) }),
    };
  },
};
