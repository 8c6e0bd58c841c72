import type { Phrase } from "../../errors/language.ts";
import type { TokenErrorDetail } from "../../errors/token_error.ts";
import { verbatim } from "../../errors/verbatim.ts";

/**
 * `known`, Feishu's code and its log id in brackets, for the end of a sentence: what Feishu's documentation and support
 * are asked about. Empty where there is none of them.
 */
export function inBrackets(
  { feishuCode, logId }: Pick<TokenErrorDetail, "feishuCode" | "logId">,
  ...known: readonly Phrase[]
): Phrase {
  const facts = [
    ...known,
    ...(feishuCode === undefined
      ? []
      : [{ en: `Feishu code ${feishuCode}`, zh: `飞书错误码 ${feishuCode}` }]),
    ...(logId === undefined ? [] : [verbatim(`log id ${logId}`)]),
  ];
  if (facts.length === 0) return verbatim("");
  return {
    en: ` (${facts.map(({ en }) => en).join(", ")})`,
    zh: `（${facts.map(({ zh }) => zh).join("，")}）`,
  };
}
