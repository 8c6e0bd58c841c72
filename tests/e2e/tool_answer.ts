import { z } from "zod";
import { toolCall } from "../mcp/test_server.ts";

const AppTokenSchema = z.object({
  structuredContent: z.object({
    app_access_token: z.string(),
    expires_in: z.number(),
    expires_at: z.number(),
  }),
});

const TenantTokenSchema = z.object({ structuredContent: z.object({ tenant_access_token: z.string() }) });

const UserTokenSchema = z.object({
  structuredContent: z.object({
    access_token: z.string(),
    refresh_token: z.string(),
    replayed: z.boolean(),
  }),
});

const ReplacementSchema = z.object({
  structuredContent: z.object({
    access_token: z.string(),
    token_kind: z.enum(["app", "tenant", "user"]),
    same_token_returned: z.boolean(),
    refresh_token: z.string().optional(),
  }),
});

/** An app token as the tool answers it. */
export type AppToken = z.infer<typeof AppTokenSchema>["structuredContent"];
/** A pair as the tool answers it. */
export type UserToken = z.infer<typeof UserTokenSchema>["structuredContent"];

/** What to use instead of a rejected token, as the tool answers it. */
export type Replacement = z.infer<typeof ReplacementSchema>["structuredContent"];

/** The replacement of a tool result that worked. */
export function replacementIn(result: unknown): Replacement {
  return ReplacementSchema.parse(result).structuredContent;
}

/** The app token of a tool result that worked. */
export function appTokenIn(result: unknown): AppToken {
  return AppTokenSchema.parse(result).structuredContent;
}

/** The pair of a tool result that worked. */
export function userTokenIn(result: unknown): UserToken {
  return UserTokenSchema.parse(result).structuredContent;
}

/** Calls a tool of the server at `url` on a connection of its own; its result. */
export async function callTool(
  url: string,
  name: string,
  args: Record<string, unknown> = {},
  signal?: AbortSignal,
): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      connection: "close",
    },
    body: JSON.stringify(toolCall(name, args)),
    ...(signal === undefined ? {} : { signal }),
  });
  const { result } = z.object({ result: z.unknown() }).parse(await response.json());
  return result;
}

/** The app token that the server at `url` gives. */
export async function getAppToken(url: string): Promise<AppToken> {
  return appTokenIn(await callTool(url, "get_feishu_app_token"));
}

/** The tenant token that the server at `url` gives. */
export async function getTenantToken(url: string): Promise<string> {
  const result = await callTool(url, "get_feishu_tenant_token");
  return TenantTokenSchema.parse(result).structuredContent.tenant_access_token;
}

/** The pair that the server at `url` gives for `refreshToken`. */
export async function refresh(url: string, refreshToken: string, signal?: AbortSignal): Promise<UserToken> {
  return userTokenIn(
    await callTool(url, "refresh_feishu_user_token", { refresh_token: refreshToken }, signal),
  );
}
