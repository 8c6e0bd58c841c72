import type { Phrase } from "../../errors/language.ts";
import { Secret } from "../../secret.ts";
import { UsageError } from "../command_line/usage_error.ts";
import type { AppStage } from "./app_stage.ts";

/** Far more than any secret has: longer input was piped in by mistake. */
const MOST_SECRET_CHARACTERS = 4_096;

const QUESTION: Phrase = {
  en: "App Secret (same page; it is not shown): ",
  zh: "App Secret（同一页面，输入时不显示）：",
};

/**
 * Reads an app secret: by a hidden question on a terminal, else the whole of standard input.
 *
 * @throws UsageError for none, and for input that is too long.
 */
export async function readSecret(
  { platform, language, questions }: Pick<AppStage, "platform" | "language" | "questions">,
): Promise<Secret> {
  const text = questions.canAsk
    ? await questions.askHidden(QUESTION[language])
    : (await readAll(platform.stdin)).trim();
  if (text !== "") return new Secret(text);
  throw new UsageError({
    en: "There is no App Secret: type it at the question, or pipe it in (`< FILE`)",
    zh: "没有 App Secret：请在提示处输入，或从标准输入传入（`< FILE`）",
  });
}

async function readAll(stdin: AppStage["platform"]["stdin"]): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stdin) {
    text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    if (text.length > MOST_SECRET_CHARACTERS) {
      throw new UsageError({
        en: "Standard input is too long for an App Secret: pipe in the secret alone",
        zh: "标准输入的内容太长，不是 App Secret：请只传入 App Secret 本身",
      });
    }
  }
  return text + decoder.decode();
}
