import assert from "node:assert/strict";
import { z } from "zod";

/** The server's tools, in the order in which clients see them. */
export const TOOL_NAMES = [
  "get_feishu_app_token",
  "get_feishu_tenant_token",
  "refresh_feishu_user_token",
  "report_feishu_token_rejected",
  "start_feishu_login",
  "finish_feishu_login",
  "get_feishu_user_token",
  "list_feishu_logins",
  "revoke_feishu_login",
];

const AppTokenSchema = z.object({
  structuredContent: z.object({
    app_access_token: z.string().startsWith("t-"),
    expires_in: z.number().min(300),
  }),
});

const UserTokenSchema = z.object({
  structuredContent: z.object({ access_token: z.string().min(1), refresh_token: z.string().min(1) }),
});

const SameTokenSchema = z.object({
  structuredContent: z.object({
    access_token: z.string(),
    same_token_returned: z.literal(true),
    warning: z.string().min(1),
  }),
});

const ErrorSchema = z.object({
  isError: z.literal(true),
  _meta: z.object({ "feishu-token/error": z.object({ code: z.string() }) }),
});

/** Checks that `result` is what `get_feishu_app_token` answers when it works. */
export function assertAppToken(result: unknown): void {
  appTokenOf(result);
}

/** The token that `get_feishu_app_token` answered. */
export function appTokenOf(result: unknown): string {
  return AppTokenSchema.parse(result).structuredContent.app_access_token;
}

/** Checks that `result` is what `report_feishu_token_rejected` answers when Feishu stands by `token`. */
export function assertSameToken(result: unknown, token: string): void {
  assert.equal(SameTokenSchema.parse(result).structuredContent.access_token, token);
}

/** Checks that `result` is a new pair, whose refresh token is not `presented`. */
export function assertUserToken(result: unknown, presented: string): void {
  assert.notEqual(UserTokenSchema.parse(result).structuredContent.refresh_token, presented);
}

/** The code of the failed tool call `result`. */
export function errorCode(result: unknown): string {
  return ErrorSchema.parse(result)._meta["feishu-token/error"].code;
}
