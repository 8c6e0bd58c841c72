import { z } from "zod";
import { ERROR_TABLE } from "../src/errors/error_table.ts";

/** A question to a server: a tool and its arguments. */
export interface Question {
  readonly tool:
    | "get_feishu_app_token"
    | "refresh_feishu_user_token"
    | "start_feishu_login"
    | "finish_feishu_login"
    | "get_feishu_user_token"
    | "revoke_feishu_login";
  readonly args: Readonly<Record<string, string>>;
}

/** The answer to a question, or why there is none. */
export type ToolAnswer =
  | { readonly kind: "app_token" }
  /** `isUnknown`: the pair is an older one, and the answer says that a newer one may be lost. */
  | { readonly kind: "pair"; readonly refreshToken: string; readonly isUnknown: boolean }
  | { readonly kind: "started"; readonly loginId: string; readonly userCode: string }
  /** `text`: the whole answer, for comparison. */
  | { readonly kind: "login"; readonly status: "pending" | "done" | "narrower"; readonly text: string }
  | { readonly kind: "user_token"; readonly accessToken: string; readonly openId: string }
  | { readonly kind: "logged_out" }
  | { readonly kind: "error"; readonly code: string; readonly logId?: string | undefined }
  /** The process was killed before it answered. */
  | { readonly kind: "killed" }
  /** No answer in time. */
  | { readonly kind: "none" };

const Answered = z.object({
  result: z.union([
    z.object({ structuredContent: z.object({ refresh_token: z.string(), warning: z.string().optional() }) }),
    z.object({ structuredContent: z.object({ app_access_token: z.string() }) }),
    z.object({ structuredContent: z.object({ login_id: z.string(), user_code: z.string() }) }),
    z.object({ structuredContent: z.looseObject({ status: z.enum(["pending", "done", "narrower"]) }) }),
    z.object({
      structuredContent: z.object({ access_token: z.string(), user: z.object({ open_id: z.string() }) }),
    }),
    z.object({ structuredContent: z.object({ revoked: z.literal(true) }) }),
    z.object({
      isError: z.literal(true),
      _meta: z.object({
        "feishu-token/error": z.object({ code: z.string(), feishu_log_id: z.string().optional() }),
      }),
    }),
  ]),
});

/** The JSON-RPC message that asks `question`. */
export function questionMessage({ tool, args }: Question, id: number): Readonly<Record<string, unknown>> {
  return { jsonrpc: "2.0", id, method: "tools/call", params: { name: tool, arguments: args } };
}

/** Reads the JSON-RPC answer to a question. @throws ZodError when it is none of those that the tools give. */
export function readToolAnswer(message: unknown): ToolAnswer {
  const { result } = Answered.parse(message);
  if ("isError" in result) {
    const { code, feishu_log_id } = result._meta["feishu-token/error"];
    return { kind: "error", code, logId: feishu_log_id };
  }
  const content = result.structuredContent;
  if ("app_access_token" in content) return { kind: "app_token" };
  if ("status" in content) return { kind: "login", status: content.status, text: JSON.stringify(content) };
  if ("login_id" in content) {
    return { kind: "started", loginId: content.login_id, userCode: content.user_code };
  }
  if ("user" in content) {
    return { kind: "user_token", accessToken: content.access_token, openId: content.user.open_id };
  }
  if ("revoked" in content) return { kind: "logged_out" };
  const unknown = ERROR_TABLE.rotation_outcome_unknown.message.en;
  return {
    kind: "pair",
    refreshToken: content.refresh_token,
    isUnknown: content.warning?.startsWith(unknown) ?? false,
  };
}
