import type { Readable } from "node:stream";
import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { Secret } from "../../secret.ts";

/** Far more than any token has: longer input was piped in by mistake. */
const MAX_CHARACTERS = 65_536;

const TOKEN_ON_STDIN: Phrase = { en: "refresh token", zh: "refresh_token" };

/**
 * Reads the secret on standard input, without the blanks around it.
 *
 * @param what names it where it cannot be read.
 * @throws StartError for a terminal, which would show the token and keep it in its scrollback, and for input that is
 * too long.
 */
export async function readTokenFromStdin(stdin: Readable, what = TOKEN_ON_STDIN): Promise<Secret> {
  if ("isTTY" in stdin && stdin.isTTY === true) {
    throw new StartError({
      en: `The ${what.en} is read from standard input, and that is a terminal`,
      zh: `${what.zh} 从标准输入读取，而标准输入是终端`,
    }, {
      nextStep: {
        en: "use `< FILE`, or a pipe from the program that keeps it",
        zh: "请使用 `< FILE`，或从保存它的程序用管道传入",
      },
    });
  }
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stdin) {
    text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    if (text.length > MAX_CHARACTERS) {
      throw new StartError({
        en: `Standard input is too long for a ${what.en}`,
        zh: `标准输入的内容太长，不是 ${what.zh}`,
      }, { nextStep: { en: `pipe in the ${what.en} alone`, zh: `请只传入 ${what.zh} 本身` } });
    }
  }
  return new Secret((text + decoder.decode()).trim());
}
