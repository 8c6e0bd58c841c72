import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { ioReason } from "../../store/files/io_reason.ts";
import { UnreadableText } from "./unreadable_text.ts";

/** Said of every failure after which a file is as it was. */
const UNCHANGED: Phrase = { en: "the file was not changed", zh: "文件未被改动" };

/** The error for a file that is not changed, for `reason`. `remedy` completes a sentence. */
export function unfitClientFile(path: string, reason: Phrase, remedy: Phrase = UNCHANGED): StartError {
  return new StartError({
    en: `Cannot change ${path}, since ${reason.en}`,
    zh: `无法修改 ${path}，因为${reason.zh}`,
  }, { nextStep: remedy });
}

/** The error to show for what reading or changing the file at `path` threw. */
export function clientFileError(path: string, error: unknown): StartError {
  if (error instanceof StartError) return error;
  if (error instanceof UnreadableText) {
    const { line, reason } = error;
    return new StartError({
      en: `Cannot read ${path}, line ${line}: ${reason.en}`,
      zh: `无法解析 ${path} 第 ${line} 行：${reason.zh}`,
    }, {
      nextStep: { en: "correct that line; the file was not changed", zh: "请更正该行；文件未被改动" },
      cause: error,
    });
  }
  const reason = ioReason(error);
  return new StartError({
    en: `Cannot change ${path}: ${reason.en}`,
    zh: `无法修改 ${path}：${reason.zh}`,
  }, { nextStep: UNCHANGED, cause: error });
}
