import * as z from "zod";
import { once } from "../../once.ts";
import { defined } from "../../defined.ts";
import type { Audience } from "../../errors/audience.ts";
import type { KeptLogin } from "../../ports/logins.ts";
import { userField, userSchema } from "../contract/user_field.ts";
import { toUnixSeconds } from "../contract/token_times.ts";
import { defineTool, type Tool } from "../contract/tool.ts";

const seconds = z.int().min(0);
const login = once(() =>
  z.strictObject({
    user: userSchema(),
    scope: z.string().describe("Its permissions, separated by spaces."),
    access_token_expires_at: seconds.describe("When its current access token expires, in Unix seconds."),
    refresh_token_expires_at: seconds.optional().describe(
      "When the login ends unless it is renewed before, in Unix seconds.",
    ),
    login_ends_at: seconds.optional().describe(
      "When Feishu ends the login however it was renewed, in Unix seconds.",
    ),
    renewable: z.boolean().describe("Whether the server can renew it."),
    last_renewed_at: seconds.describe("When it was renewed the last time, in Unix seconds."),
    next_renewal_at: seconds.optional().describe(
      "When the server renews it although nobody asks, in Unix seconds.",
    ),
    needs_login: z.boolean().describe(
      "True when only a new login helps: start_feishu_login with the open_id as user.",
    ),
    problem: z.string().optional().describe(
      "Why it was not renewed the last time, and what to do. Absent when nothing is wrong.",
    ),
  })
);

const output = once(() =>
  z.strictObject({
    logins: z.array(login()).describe("One for each person who has logged in. Empty when nobody has."),
  })
);

/** `list_feishu_logins`: who is logged in, with which permissions, and until when. */
export const listFeishuLogins: Tool = defineTool({
  name: "list_feishu_logins",
  title: { en: "List the kept Feishu logins", zh: "查看已保存的飞书登录" },
  description:
    "Lists the people who have logged in to this server with the configured Feishu (Lark) app: who they are, what they " +
    "have granted, until when, and whether someone has to log in again (needs_login). Call it to find out whose " +
    "user_access_token can be had, or what to give as user to get_feishu_user_token and revoke_feishu_login. It returns " +
    "no tokens and asks Feishu nothing.",
  input: once(() => z.strictObject({})),
  rules: {},
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async handler(_input, context): Promise<z.input<ReturnType<typeof output>>> {
    const { logins, credentials, language } = context;
    const app = credentials();
    const kept = await logins.list(app, context.withOwner());
    return { logins: kept.map((each) => rowOf(each, { language, brand: app.brand })) };
  },
});

function rowOf(kept: KeptLogin, audience: Audience): z.input<ReturnType<typeof login>> {
  return {
    user: userField(kept.user),
    scope: kept.scope,
    access_token_expires_at: toUnixSeconds(kept.accessTokenExpiresAtMs),
    ...defined({ refresh_token_expires_at: optionalSeconds(kept.refreshTokenExpiresAtMs) }),
    ...defined({ login_ends_at: optionalSeconds(kept.loginEndsAtMs) }),
    renewable: kept.renewable,
    last_renewed_at: toUnixSeconds(kept.lastRenewedAtMs),
    ...defined({ next_renewal_at: optionalSeconds(kept.nextRenewalAtMs) }),
    needs_login: kept.needsLogin,
    ...defined({ problem: kept.problem?.sentence(audience) }),
  };
}

function optionalSeconds(atMs: number | undefined): number | undefined {
  return atMs === undefined ? undefined : toUnixSeconds(atMs);
}
