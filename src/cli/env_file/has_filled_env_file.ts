import { decodeText } from "./decode_text.ts";

/** App id or app secret with a value, in any spelling. */
const FILLED = /FEISHU_?APP_?(?:ID|SECRET)["']?[ \t]*[:=][ \t]*["']?[^\s"']/i;
const PATH = ".env";
/** Larger files are not read: an env file is far smaller. */
const MOST_BYTES = 1 << 20;

/** Whether the working directory has a `.env` with app credentials. Only a message depends on it: no value is used. */
export async function hasFilledEnvFile(): Promise<boolean> {
  try {
    const { isFile, size } = await Deno.stat(PATH);
    return isFile && size <= MOST_BYTES && FILLED.test(decodeText(await Deno.readFile(PATH)));
  } catch {
    return false;
  }
}
