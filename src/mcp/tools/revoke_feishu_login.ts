import * as z from "zod";
import { once } from "../../once.ts";
import { defineTool, type Tool } from "../contract/tool.ts";
import { LOGGED_IN_USER_RULE, loggedInUser } from "../contract/logged_in_user.ts";

const input = once(() =>
  z.strictObject({
    user: loggedInUser().describe("Whose login: an open_id, or a name that only one of them has."),
  })
);

const output = once(() =>
  z.strictObject({
    revoked: z.literal(true).describe("The login is no longer kept here, and its tokens are destroyed."),
    upstream: z.enum(["revoked", "pending", "refused", "not_sent", "unknown"]).describe(
      "What Feishu has done. revoked: it has ended the tokens. pending: it has not answered yet. refused: it would not. " +
        "not_sent: it was not asked, since that could have ended another login of this person, or there was nothing to end. " +
        "unknown: its answer did not arrive. In every case but the first, tokens handed out before work until they expire.",
    ),
  })
);

/** `revoke_feishu_login`: ends a kept login, here and where possible at Feishu. */
export const revokeFeishuLogin: Tool = defineTool({
  name: "revoke_feishu_login",
  title: { en: "End a kept Feishu login", zh: "结束已保存的飞书登录" },
  description:
    "Ends the login of a person that this server keeps: their tokens are destroyed here, and ended at Feishu (Lark) where " +
    "that can harm no other login. Afterwards get_feishu_user_token has no token of that person until they log in again. " +
    "Call it only when the person asks for it: it cannot be undone. It does not help against an error: a " +
    "new login (start_feishu_login) takes the place of the one that is kept by itself.",
  input,
  rules: { user: LOGGED_IN_USER_RULE },
  output,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  async handler({ user }, context): Promise<z.input<ReturnType<typeof output>>> {
    const { upstream } = await context.logins.logout(context.credentials(), user, context.withOwner());
    return { revoked: true, upstream };
  },
});
