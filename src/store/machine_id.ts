import { StartError } from "../errors/start_error.ts";
import { base64url } from "./bytes.ts";
import { createOnce, type CreateOnceOptions } from "./durable_files.ts";
import { ioReason } from "./io_reason.ts";

/**
 * The random id kept in the journal folder `folder`, made there if there is none. It stands for the machine:
 * `Deno.hostname()` would need a permission that serving does not have, and names are not unique.
 *
 * @throws StartError in one line.
 */
export async function machineId(folder: string, options: CreateOnceOptions): Promise<string> {
  try {
    return (await createOnce(`${folder}/machine`, base64url(options.random.bytes(12)), options)).trim();
  } catch (error) {
    const reason = ioReason(error);
    throw new StartError({
      en: `Cannot write into the journal folder ${folder}: ${reason.en}`,
      zh: `无法写入恢复日志的文件夹 ${folder}：${reason.zh}`,
    }, {
      nextStep: { en: "check who owns it and its disk", zh: "请检查它的所有者和所在磁盘" },
      cause: error,
    });
  }
}
