import { z } from "zod";

/** What a tool gives, as far as it is looked at here. */
const Content = z.object({
  app_access_token: z.string().optional(),
  access_token: z.string().optional(),
  refresh_token: z.string().optional(),
  expires_in: z.number(),
  replayed: z.boolean().optional(),
  warning: z.string().optional(),
});

const Answered = z.object({
  result: z.union([
    z.object({ structuredContent: Content }),
    z.object({
      isError: z.literal(true),
      _meta: z.object({ "feishu-token/error": z.object({ code: z.string() }) }),
    }),
  ]),
});

/** What came back from one call of a tool. `text` is the whole answer. */
export type ToolReply =
  | { readonly kind: "given"; readonly content: z.infer<typeof Content>; readonly text: string }
  /** One of the table's errors. */
  | { readonly kind: "error"; readonly code: string; readonly text: string }
  /** Anything else: refused before a tool was reached. */
  | { readonly kind: "refused"; readonly text: string }
  /** No answer in time, or a connection that broke. */
  | { readonly kind: "none"; readonly text: string };

/** Reads a JSON-RPC answer to a call of a tool. */
export function readToolReply(text: string): ToolReply {
  const parsed = Answered.safeParse(jsonOf(text));
  if (!parsed.success) return { kind: "refused", text };
  const { result } = parsed.data;
  if ("isError" in result) return { kind: "error", code: result._meta["feishu-token/error"].code, text };
  return { kind: "given", content: result.structuredContent, text };
}

/** A reply in one word: `pair`, `app token`, an error's code, `refused` or `none`. */
export function wordOf(reply: ToolReply): string {
  if (reply.kind === "error") return reply.code;
  if (reply.kind !== "given") return reply.kind;
  return reply.content.app_access_token === undefined ? "pair" : "app token";
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
