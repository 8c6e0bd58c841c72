import { dirname, resolve } from "node:path";
import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import type { StorePlace } from "./store_place.ts";
import { storeFiles } from "./store_files.ts";

const { NotFound, NotADirectory, PermissionDenied } = Deno.errors;
const UNREACHABLE = [NotFound, NotADirectory, PermissionDenied];

/**
 * Refuses `place` where a store exists under its unexpanded name. Version 0.1.0 expanded nothing and made folders
 * called `~` or `${HOME}` in its working directory. A new store at the expanded path would leave the tokens in the
 * old one behind.
 *
 * @throws StartError naming both paths and the command that moves the store.
 */
export async function assertNotLiteral(place: StorePlace, os: typeof Deno.build.os): Promise<void> {
  if (place.kind !== "file" || place.literalPath === undefined) return;
  const [literal, path] = [resolve(place.literalPath), resolve(place.path)];
  const found = await existing(Object.values(storeFiles(literal)));
  if (!found.includes(literal)) return;
  const isTaken = (await existing([path])).length > 0;
  const problem: Phrase = {
    en: `There is a token store at ${literal}, and ${place.literalPath} means ${path}`,
    zh: `${literal} 处有一个令牌存储，而 ${place.literalPath} 指的是 ${path}`,
  };
  if (isTaken) {
    throw new StartError({ en: `${problem.en}, where there is one too`, zh: `${problem.zh}，那里也有一个` }, {
      nextStep: {
        en: "end every program that uses either, and move the one that you do not want elsewhere",
        zh: "请先结束使用它们的所有程序，再把不需要的那一个移到别处",
      },
    });
  }
  const command = moveCommand(found, dirname(path), os);
  throw new StartError(problem, {
    nextStep: {
      en: `end every program that uses it, and move it: ${command}`,
      zh: `请先结束使用它的所有程序，再移动它：${command}`,
    },
  });
}

/** The command for the shell of `os`. The files keep their names: only their folder changes. */
function moveCommand(files: readonly string[], folder: string, os: typeof Deno.build.os): string {
  if (os === "windows") {
    const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`;
    const moved = files.map(quoted).join(",");
    return `New-Item -ItemType Directory -Force ${quoted(folder)}; Move-Item ${moved} ${quoted(folder)}`;
  }
  const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;
  return `mkdir -p ${quoted(folder)} && mv ${files.map(quoted).join(" ")} ${quoted(`${folder}/`)}`;
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(async (path) => {
    try {
      await Deno.lstat(path);
      return [path];
    } catch (error) {
      // A path that this user cannot reach never was this user's store.
      if (UNREACHABLE.some((kind) => error instanceof kind)) return [];
      throw error;
    }
  }));
  return found.flat();
}
