import * as z from "zod";
import { once } from "../../once.ts";
import { appTokenRest, appTokenRestSchemas } from "../contract/app_token_rest.ts";
import { MIN_TTL_RULE, minTtlArgument } from "../contract/min_ttl_argument.ts";
import { defineTool, type Tool } from "../contract/tool.ts";

const input = once(() => z.strictObject({ min_ttl_seconds: minTtlArgument() }));

const output = once(() =>
  z.strictObject({
    app_access_token: z.string().describe("Send it as `Authorization: Bearer <token>`. Secret."),
    ...appTokenRestSchemas(),
  })
);

/** `get_feishu_app_token`: the app's own token, kept until it is about to expire. */
export const getFeishuAppToken: Tool = defineTool({
  name: "get_feishu_app_token",
  title: { en: "Get a Feishu app token", zh: "获取飞书应用令牌" },
  description:
    "Returns an app_access_token of the configured Feishu (Lark) app that works now. It stands for the app itself and " +
    "serves the few APIs that ask for an app_access_token, such as those that exchange a user's authorization. Most APIs " +
    "ask for a tenant_access_token: use get_feishu_tenant_token for them; to act as a user, use a user access token. Call " +
    "it right before the call, and again whenever you need the token: it is cached, so this is fast, and one you kept may " +
    "have expired. The token is a secret: put it into the Authorization header only; never print it, store it, or repeat " +
    "it in an answer.",
  input,
  rules: { min_ttl_seconds: MIN_TTL_RULE },
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async handler({ min_ttl_seconds }, context): Promise<z.input<ReturnType<typeof output>>> {
    const app = context.credentials();
    const token = await context.tokens.appToken(app, min_ttl_seconds * 1000, context);
    return { app_access_token: token.accessToken.reveal(), ...appTokenRest(token, app.brand, context) };
  },
});
