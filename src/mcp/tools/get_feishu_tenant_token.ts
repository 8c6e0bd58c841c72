import * as z from "zod";
import { once } from "../../once.ts";
import { appTokenRest, appTokenRestSchemas } from "../contract/app_token_rest.ts";
import { MIN_TTL_RULE, minTtlArgument } from "../contract/min_ttl_argument.ts";
import { defineTool, type Tool } from "../contract/tool.ts";

const input = once(() => z.strictObject({ min_ttl_seconds: minTtlArgument() }));

const output = once(() =>
  z.strictObject({
    tenant_access_token: z.string().describe("Send it as `Authorization: Bearer <token>`. Secret."),
    ...appTokenRestSchemas(),
  })
);

/** `get_feishu_tenant_token`: the app's token inside its tenant, kept until it is about to expire. */
export const getFeishuTenantToken: Tool = defineTool({
  name: "get_feishu_tenant_token",
  title: { en: "Get a Feishu tenant token", zh: "获取飞书租户令牌" },
  description:
    "Returns a tenant_access_token of the configured Feishu (Lark) app that works now: the app acting in its own name " +
    "inside the company (tenant) that it belongs to. This is what nearly every page of Feishu's server API asks for, for " +
    "instance to send a message as the bot or to read a document that was shared with the app. To act as a person, use a " +
    "user access token. Call it right before the call, and again whenever you need the token: it is cached, so this is " +
    "fast, and one you kept may have expired. For custom (self-built) apps. The token is a secret: put it into the " +
    "Authorization header only; never print it, store it, or repeat it in an answer.",
  input,
  rules: { min_ttl_seconds: MIN_TTL_RULE },
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async handler({ min_ttl_seconds }, context): Promise<z.input<ReturnType<typeof output>>> {
    const app = context.credentials();
    const token = await context.tokens.tenantToken(app, min_ttl_seconds * 1000, context);
    return { tenant_access_token: token.accessToken.reveal(), ...appTokenRest(token, app.brand, context) };
  },
});
