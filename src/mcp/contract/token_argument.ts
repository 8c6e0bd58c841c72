import * as z from "zod";
import type { Phrase } from "../../errors/language.ts";
import { knownAccessToken } from "../../credentials/known_access_token.ts";
import { type PastedKind, readPastedToken } from "../../credentials/read_pasted_token.ts";

/** Twice the longest token that Feishu documents. */
const MAX_TOKEN_CHARACTERS = 8192;
/** Never in a token. `\p{C}` has the invisible characters that copying from a web page adds: U+200B, U+FEFF. */
const FOREIGN_TO_TOKENS = /[\s\p{C}]/u;

/** The rule of a token argument, as its refusal states it. */
export function tokenRule({ en, zh }: Phrase): Phrase {
  return {
    en: `must be ${en}: 1 to ${MAX_TOKEN_CHARACTERS} characters, no whitespace or control characters`,
    zh: `必须是 ${zh}：1 到 ${MAX_TOKEN_CHARACTERS} 个字符，不含空白字符和控制字符`,
  };
}

/**
 * Makes the schema of a token argument. It takes the token out of what was pasted around it and checks it by the
 * rule. Two mistakes have rules of their own: JSON without such a token, and an access token in place of a refresh
 * token.
 */
export function tokenArgument({ en }: Phrase, kind: PastedKind): z.ZodString {
  return z.string(en).overwrite((text) => readPastedToken(text, kind))
    .min(1, en).max(MAX_TOKEN_CHARACTERS, en)
    .superRefine((value, context) => {
      const rule = ruleAgainst(value, kind);
      if (rule !== undefined) {
        context.addIssue({ code: "custom", message: rule.en, params: { rule } });
      } else if (FOREIGN_TO_TOKENS.test(value)) {
        context.addIssue({ code: "custom", message: en });
      }
    });
}

/** The rule for a `value` that certainly is no token of this kind. */
function ruleAgainst(value: string, kind: PastedKind): Phrase | undefined {
  if (value.startsWith("{")) {
    const name = `${kind}_token`;
    return {
      en: `must be a token, but this is JSON without ${name}`,
      zh: `必须是令牌，而这段 JSON 中没有 ${name}`,
    };
  }
  const what = kind === "refresh" ? knownAccessToken(value) : undefined;
  return what === undefined ? undefined : {
    en: `must be a refresh token, but this is ${what.en}; use the refresh_token of the same answer`,
    zh: `必须是 refresh_token，而这是${what.zh}；请使用同一响应中的 refresh_token`,
  };
}
