import { z } from "zod";
import type { Phrase } from "../errors/language.ts";

/** Twice the longest that Feishu documents for a token. */
const MAX_TOKEN_CHARACTERS = 8192;
/** `\p{C}` covers what copying out of a web page leaves behind unseen: zero-width characters, byte order marks. */
const FOREIGN_TO_TOKENS = /[\s\p{C}]/u;

/** The rule of an argument that is a token: what a refusal of it says. */
export function tokenRule({ en, zh }: Phrase): Phrase {
  return {
    en: `must be ${en}: 1 to ${MAX_TOKEN_CHARACTERS} characters, no whitespace or control characters`,
    zh: `必须是 ${zh}：1 到 ${MAX_TOKEN_CHARACTERS} 个字符，不含空白字符和控制字符`,
  };
}

/** An argument that is a token, held to `rule`. Blanks around it are taken off: that is how copies look. */
export function tokenArgument({ en }: Phrase): z.ZodString {
  return z.string(en).trim().min(1, en).max(MAX_TOKEN_CHARACTERS, en)
    .refine((value) => !FOREIGN_TO_TOKENS.test(value), en);
}
