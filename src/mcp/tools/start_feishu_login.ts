import * as z from "zod";
import { once } from "../../once.ts";
import { defined } from "../../defined.ts";
import type { Phrase } from "../../errors/language.ts";
import { startMessage } from "../contract/start_message.ts";
import { SCOPES_RULE, scopesArgument } from "../contract/scopes_argument.ts";
import { toUnixSeconds } from "../contract/token_times.ts";
import { defineTool, type Tool } from "../contract/tool.ts";

const SHAPE_OF_OPEN_ID = /^ou_[\w-]{1,197}$/;
const EXPECTED_RULE: Phrase = {
  en: "must be an open_id, which begins with ou_; leave it out where you do not know it",
  zh: "必须是 open_id，以 ou_ 开头；不知道时请不要传入",
};
const MOST_PURPOSE_CHARACTERS = 200;
const PURPOSE_RULE: Phrase = {
  en: `must be a text of at most ${MOST_PURPOSE_CHARACTERS} characters`,
  zh: `必须是不超过 ${MOST_PURPOSE_CHARACTERS} 个字符的文字`,
};

const input = once(() =>
  z.strictObject({
    scopes: scopesArgument(
      "The permissions that the person is asked for. Without them those of the server's configuration, or of the login " +
        "that is kept.",
    ),
    user: z.string(EXPECTED_RULE.en).trim().refine((text) => SHAPE_OF_OPEN_ID.test(text), EXPECTED_RULE.en)
      .optional()
      .describe(
        "The open_id of the person who is expected, where it is known: nobody else can finish the login then.",
      ),
    purpose: z.string(PURPOSE_RULE.en).overwrite(oneLine).max(MOST_PURPOSE_CHARACTERS, PURPOSE_RULE.en)
      .optional()
      .describe(
        "Why the login is needed, in a few words of the person's language: it becomes a part of message.",
      ),
  })
);

const output = once(() =>
  z.strictObject({
    login_id: z.string().describe(
      "For finish_feishu_login. Secret: anyone who has it may ask for the outcome, so do not show it.",
    ),
    verification_url: z.string().describe(
      "The link for the person. Show it unchanged, on a line of its own, in angle brackets and not in a code block.",
    ),
    user_code: z.string().describe("The code that the page shows or asks for. Show it with the link."),
    expires_at: z.int().min(0).describe("When the link ends, in Unix seconds."),
    message: z.string().describe(
      "What to say to the person now, with the link and the code, in the server's language.",
    ),
  })
);

/** `start_feishu_login`: the link and the code with which a person logs in. */
export const startFeishuLogin: Tool = defineTool({
  name: "start_feishu_login",
  title: { en: "Start a Feishu login", zh: "发起飞书登录" },
  description:
    "Starts the login of a person with the configured Feishu (Lark) app, and returns a link and a code for that person. " +
    "Afterwards get_feishu_user_token returns that person's user_access_token. A call with a user_access_token acts as " +
    "the user; a call with a tenant_access_token acts as the app itself. Start a login only where a call has to act as a " +
    "person who is not logged in yet, or who has not granted a scope. Show the person the link as a plain line, the code, " +
    "and until when they work: message has all three. Then end your turn, and call finish_feishu_login with login_id " +
    "after the person says that it is done. Never ask the person to run a command, and never show an old link again: " +
    "call this tool once more, which returns the link that works now.",
  input,
  rules: { scopes: SCOPES_RULE, user: EXPECTED_RULE, purpose: PURPOSE_RULE },
  output,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async handler({ scopes, user, purpose }, context): Promise<z.input<ReturnType<typeof output>>> {
    const { logins, credentials, clock, language } = context;
    const app = credentials();
    const started = await logins.start(app, defined({ scopes, user, purpose }), context.withOwner());
    return {
      login_id: started.loginId.reveal(),
      verification_url: started.verificationUrl,
      user_code: started.userCode,
      expires_at: toUnixSeconds(started.expiresAtMs),
      message: startMessage({ started, purpose, brand: app.brand, language, nowMs: clock.now() }),
    };
  },
});

/** Without line breaks, and without control and invisible characters, which could change what the person reads. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{C}]+/gu, " ").trim();
}
