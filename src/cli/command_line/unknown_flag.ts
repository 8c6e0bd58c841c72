import type { Phrase } from "../../errors/language.ts";
import { setting } from "../../settings.ts";
import { didYouMean } from "./did_you_mean.ts";
import { shownWord } from "./shown_word.ts";
import { variableNamedLike } from "./variable_named_like.ts";

/** Says that `argument` is no flag, and what was probably meant. Its value is never shown. */
export function unknownFlag(argument: string, known: readonly string[]): Phrase {
  const [written = argument] = argument.split("=", 1);
  const bare = written.replace(/^-+/, "");
  const flag = shownWord(written);
  const variable = known.includes(bare) ? undefined : variableNamedLike(bare);
  if (/(refresh|access)-?token/i.test(bare)) {
    return {
      en: `${flag.en} is not a flag: tokens are read from standard input, never from the command line`,
      zh: `没有参数 ${flag.zh}：令牌从标准输入读取，不能写在命令行上`,
    };
  }
  if (variable === setting("appSecret").variable || /secret|token-key/i.test(bare)) {
    return {
      en:
        `${flag.en} is not a flag: secrets come from the environment or a file, never from the command line`,
      zh: `没有参数 ${flag.zh}：App Secret 和密钥来自环境变量或文件，不能写在命令行上`,
    };
  }
  if (variable !== undefined) {
    return {
      en: `${flag.en} is not a flag: set ${variable} instead`,
      zh: `没有参数 ${flag.zh}：请改为设置环境变量 ${variable}`,
    };
  }
  const hint = didYouMean(bare, known, "--");
  return { en: `Unknown flag ${flag.en}: ${hint.en}`, zh: `未知参数 ${flag.zh}：${hint.zh}` };
}
