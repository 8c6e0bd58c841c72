import { decodeText } from "./decode_text.ts";

/** Half a pair with a value, however it is spelled. */
const FILLED = /FEISHU_?APP_?(?:ID|SECRET)["']?[ \t]*[:=][ \t]*["']?[^\s"']/i;
const PATH = ".env";
/** A file of variables is far smaller; what is larger is not read to find out. */
const MOST_BYTES = 1 << 20;

/** Whether the working directory has a `.env` with app credentials in it. For a message: nothing of it is used. */
export async function hasFilledEnvFile(): Promise<boolean> {
  try {
    const { isFile, size } = await Deno.stat(PATH);
    return isFile && size <= MOST_BYTES && FILLED.test(decodeText(await Deno.readFile(PATH)));
  } catch {
    return false;
  }
}
