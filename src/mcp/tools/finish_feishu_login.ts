import * as z from "zod";
import { once } from "../../once.ts";
import { unquoted } from "../../credentials/unquoted.ts";
import { defined } from "../../defined.ts";
import type { Audience } from "../../errors/audience.ts";
import type { Phrase } from "../../errors/language.ts";
import type { LoginProgress, LoginUser } from "../../ports/logins.ts";
import { Secret } from "../../secret.ts";
import { narrowerMessage } from "../contract/narrower_message.ts";
import { userField, userSchema } from "../contract/user_field.ts";
import { toUnixSeconds } from "../contract/token_times.ts";
import { defineTool, type Tool } from "../contract/tool.ts";

const LOGIN_ID_RULE: Phrase = {
  en: "must be the login_id that start_feishu_login returned",
  zh: "必须是 start_feishu_login 返回的 login_id",
};
/** A handle, which is written as a part of a URL would be; several times longer than any is. */
const LOGIN_ID = /^[\w.~-]{1,128}$/;
const REPLACE_RULE: Phrase = { en: "must be true or false", zh: "必须是 true 或 false" };

const input = once(() =>
  z.strictObject({
    login_id: z.string(LOGIN_ID_RULE.en).overwrite((text) => unquoted(text.trim()))
      .refine((text) => LOGIN_ID.test(text), LOGIN_ID_RULE.en)
      .describe("The login_id that start_feishu_login returned."),
    replace: z.boolean(REPLACE_RULE.en).optional().describe(
      "Only after the status narrower, and with what the person has decided: true takes the new login, false keeps the old " +
        "one.",
    ),
  })
);

/** What to say while only this server has work left. */
const APPROVED_MESSAGE: Phrase = {
  en: "You have agreed, nothing is left to do for you: the login is being stored.",
  zh: "你已同意授权，无需再做任何操作：正在保存登录。",
};

const person = once(() =>
  userSchema().extend({
    tenant_key: z.string().optional().describe("The person's company (tenant), where Feishu tells it."),
  }).describe("Who has logged in.")
);
const scopes = z.array(z.string());
const output = once(() =>
  z.strictObject({
    status: z.enum(["pending", "done", "narrower"]).describe(
      "pending: the person has not agreed yet, or the login is being stored. done: it is kept. narrower: it lacks scopes of " +
        "the login that is kept, and the person has to decide.",
    ),
    user: person().optional(),
    retry_after_seconds: z.int().min(1).optional().describe("pending: when another call may know more."),
    expires_at: z.int().min(0).optional().describe("pending: when the link ends, in Unix seconds."),
    scope: z.string().optional().describe("done: the permissions granted, separated by spaces."),
    missing_scopes: scopes.optional().describe("done: permissions that were asked for and not granted."),
    renewable: z.boolean().optional().describe(
      "done: whether the server can renew the login. Otherwise it ends with its first token, and warning says why.",
    ),
    login_ends_at: z.int().min(0).optional().describe(
      "done: when Feishu ends the login however it was renewed, in Unix seconds.",
    ),
    kept_scopes: scopes.optional().describe("narrower: the permissions of the login that is kept."),
    new_scopes: scopes.optional().describe("narrower: the permissions of the new login."),
    lost_scopes: scopes.optional().describe("narrower: those that only the login that is kept has."),
    decide_by: z.int().min(0).optional().describe(
      "narrower: after this the login that is kept stays, in Unix seconds.",
    ),
    message: z.string().optional().describe(
      "What to say to the person, or to ask, in the server's language.",
    ),
    warning: z.string().optional().describe("Present when something is not as usual: why, and what to do."),
  })
);

/** What the tool returns. */
type Result = z.input<ReturnType<typeof output>>;

/** `finish_feishu_login`: how a login stands, and the decision where it has fewer scopes than the one kept. */
export const finishFeishuLogin: Tool = defineTool({
  name: "finish_feishu_login",
  title: { en: "Finish a Feishu login", zh: "完成飞书登录" },
  description:
    "Tells how a login stands that start_feishu_login began. It never waits for the person: call it after the person says " +
    "that it is done, not in a loop. pending: the person has not agreed yet; say so, end your turn, and call again later, " +
    "not before retry_after_seconds have passed. done: the login is kept; tell the person in whose name and tenant it is, " +
    "and which scopes are missing, then use get_feishu_user_token. narrower: ask the person what message says, and call " +
    "again with replace. An error says why there is no login: start a new one only if the person still wants it. The " +
    "server keeps a login also where nobody calls this; a finished login gives the same answer for a day.",
  input,
  rules: { login_id: LOGIN_ID_RULE, replace: REPLACE_RULE },
  output,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  async handler({ login_id, replace }, context): Promise<Result> {
    const { logins, credentials, clock, language } = context;
    const app = credentials();
    const progress = await logins.finish(
      app,
      new Secret(login_id),
      defined({ replace }),
      context.withOwner(),
    );
    return resultOf(progress, { language, brand: app.brand }, clock.now());
  },
});

function resultOf(progress: LoginProgress, audience: Audience, nowMs: number): Result {
  switch (progress.kind) {
    case "pending":
      return {
        status: "pending",
        retry_after_seconds: Math.max(1, Math.ceil(progress.retryAfterMs / 1000)),
        expires_at: toUnixSeconds(progress.expiresAtMs),
        ...(progress.isApproved ? { message: APPROVED_MESSAGE[audience.language] } : {}),
        ...defined({ warning: progress.problem?.sentence(audience) }),
      };
    case "done": {
      const { login, missingScopes, warning } = progress;
      const { loginEndsAtMs } = login;
      return {
        status: "done",
        user: personOf(login.user),
        scope: login.scope,
        ...(missingScopes.length === 0 ? {} : { missing_scopes: [...missingScopes] }),
        renewable: login.renewable,
        ...(loginEndsAtMs === undefined ? {} : { login_ends_at: toUnixSeconds(loginEndsAtMs) }),
        ...defined({ warning: warning?.sentence(audience) }),
      };
    }
    case "narrower":
      return {
        status: "narrower",
        user: personOf(progress.user),
        kept_scopes: [...progress.keptScopes],
        new_scopes: [...progress.newScopes],
        lost_scopes: [...progress.lostScopes],
        decide_by: toUnixSeconds(progress.decideByMs),
        message: narrowerMessage(progress, audience.language, nowMs),
      };
  }
}

function personOf(user: LoginUser): z.input<ReturnType<typeof person>> {
  return { ...userField(user), ...defined({ tenant_key: user.tenantKey }) };
}
