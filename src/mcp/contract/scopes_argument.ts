import * as z from "zod";
import type { Phrase } from "../../errors/language.ts";
import { isScopeName } from "../../credentials/is_scope_name.ts";

/** Feishu's own limit for one authorization. */
const MOST_NAMED_SCOPES = 200;

/** The rule of `scopes`, as its refusal states it. */
export const SCOPES_RULE: Phrase = {
  en:
    `must list at most ${MOST_NAMED_SCOPES} names of Feishu's scopes, such as docx:document or contact:user.base:readonly`,
  zh:
    `必须列出飞书的权限名称，最多 ${MOST_NAMED_SCOPES} 个，例如 docx:document 或 contact:user.base:readonly`,
};

/**
 * Makes the schema of an optional list of scopes. One text with all of them counts as the list
 * (`lenientArguments()`); a union of both forms is more than some clients can read.
 */
export function scopesArgument(description: string): z.ZodOptional<z.ZodArray<z.ZodString>> {
  return z.array(z.string(SCOPES_RULE.en), SCOPES_RULE.en)
    .refine(
      (scopes) => scopes.length <= MOST_NAMED_SCOPES && scopes.every(isScopeName),
      SCOPES_RULE.en,
    ).optional().describe(`${description} A list, or one text separated by blanks or commas.`);
}
