import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { base64url } from "../files/bytes.ts";
import { createOnce, type CreateOnceOptions } from "../files/durable_files.ts";
import { ioReason } from "../files/io_reason.ts";
import { UnfitFile } from "../files/unfit_file.ts";

/** An id that this program made, or another one that fits into a lease. */
const ID = /^[\w-]{1,64}$/;
const HOLDS_NO_ID: Phrase = { en: "it holds no id", zh: "其中没有 ID" };

/**
 * The random id of this machine, in the journal folder `folder`, where it is made if there is none. Not
 * `Deno.hostname()`: that needs a permission that serving does not have, and host names are not unique.
 *
 * @throws StartError in one line.
 */
export async function machineId(folder: string, options: CreateOnceOptions): Promise<string> {
  const path = `${folder}/machine`;
  try {
    const id = (await createOnce(path, base64url(options.random.bytes(12)), options)).trim();
    if (ID.test(id)) return id;
    throw new UnfitFile(HOLDS_NO_ID);
  } catch (error) {
    const reason = ioReason(error);
    if (error instanceof UnfitFile) {
      throw new StartError({
        en: `The file ${path} cannot be used: ${reason.en}`,
        zh: `无法使用文件 ${path}：${reason.zh}`,
      }, {
        nextStep: {
          en: "end every process that uses this store, and remove the file: the next start makes another",
          zh: "请先结束所有使用该存储的进程，再删除它，之后会重新创建",
        },
        cause: error,
      });
    }
    throw new StartError({
      en: `Cannot write into the journal folder ${folder}: ${reason.en}`,
      zh: `无法写入恢复日志的文件夹 ${folder}：${reason.zh}`,
    }, {
      nextStep: { en: "check who owns it and its disk", zh: "请检查它的所有者和所在磁盘" },
      cause: error,
    });
  }
}
