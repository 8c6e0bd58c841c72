import { z } from "zod";
import type { Phrase } from "../../errors/language.ts";
import { knownAccessToken } from "../../credentials/known_access_token.ts";
import { type PastedKind, readPastedToken } from "../../credentials/read_pasted_token.ts";

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

/**
 * An argument that is a token, held to `rule`, however it was pasted. What certainly is another thing is refused with a
 * rule of its own: JSON in which there is no such token, an access token in the place of a refresh token.
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

/** The rule that `value` breaks, where it certainly is no token of that kind. */
function ruleAgainst(value: string, kind: PastedKind): Phrase | undefined {
  if (value.startsWith("{")) {
    const name = `${kind}_token`;
    return {
      en: `must be a token, and this is JSON without ${name}`,
      zh: `必须是令牌，而这段 JSON 中没有 ${name}`,
    };
  }
  const what = kind === "refresh" ? knownAccessToken(value) : undefined;
  return what === undefined ? undefined : {
    en: `must be a refresh token, and this is ${what.en}; take refresh_token of the same answer`,
    zh: `必须是 refresh_token，而这是${what.zh}；请使用同一响应中的 refresh_token`,
  };
}
