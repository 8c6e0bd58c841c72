import { dirname, resolve } from "node:path";
import { isMissing } from "../../store/files/is_missing.ts";
import { unfitClientFile } from "./unfit_client_file.ts";

/** As many as Linux follows. */
const MOST_LINKS = 40;

/**
 * The path to which the symbolic links at `path` lead, so that the file is written and the links stay. The file itself
 * need not exist.
 *
 * @throws StartError where they lead in a circle.
 */
export async function linkTarget(path: string): Promise<string> {
  let at = path;
  for (let links = 0; links <= MOST_LINKS; links++) {
    try {
      if (!(await Deno.lstat(at)).isSymlink) return at;
    } catch (error) {
      if (isMissing(error)) return at;
      throw error;
    }
    at = resolve(dirname(at), await Deno.readLink(at));
  }
  throw unfitClientFile(path, { en: "its links lead in a circle", zh: "它的符号链接循环引用" });
}
