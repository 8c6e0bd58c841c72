import type { Phrase } from "../../errors/language.ts";
import { SettingReader, type SettingSources } from "../../setting_reader.ts";
import { SECRET_FILES, type SettingName } from "../../settings.ts";
import type { PlaceOptions } from "../../store/files/place_options.ts";
import { expandedPath, readHomeForm } from "../../store/files/read_home_form.ts";
import { UnsetVariable } from "../../store/files/unset_variable.ts";
import { decodeText } from "./decode_text.ts";

/** Larger than a list of hundreds of keys; a file of another kind is not read into memory. */
const MOST_SECRET_BYTES = 1 << 16;
/** Rights that no container gives without need: others may read, or anybody but the owner may write. */
const DOUBTFUL_RIGHTS = 0o026;

/** What the files that hold a secret say. */
export interface SecretFiles {
  /** Contents by the setting of the secret, without the line break at their end. */
  readonly secrets: Partial<Readonly<Record<SettingName, string>>>;
  /** Files whose rights are doubtful, one sentence each. */
  readonly notes: readonly Phrase[];
  /** Files that cannot be read, one sentence each. Never holds a part of a file. */
  readonly problems: readonly Phrase[];
}

/**
 * Reads the files that `FEISHU_APP_SECRET_FILE`, `FEISHU_TOKEN_KEY_FILE` and `FEISHU_TOKEN_CALLER_KEYS_FILE` name. Never
 * rejects.
 */
export async function readSecretFiles(
  sources: SettingSources,
  platform: Pick<PlaceOptions, "os" | "env">,
): Promise<SecretFiles> {
  const read = new SettingReader(sources);
  const secrets: Partial<Record<SettingName, string>> = {};
  const notes: Phrase[] = [];
  const problems: Phrase[] = [];
  for (const [name, fileName] of SECRET_FILES) {
    const given = read.text(fileName);
    if (given === undefined) continue;
    const by = read.setBy(fileName) ?? "";
    try {
      const path = placeOf(given, platform);
      const { isFile, size, mode } = await Deno.stat(path);
      if (!isFile || size > MOST_SECRET_BYTES) throw new NoSecretFile();
      const secret = decodeText(await Deno.readFile(path)).replace(/\r?\n$/, "");
      if (secret.trim() === "") problems.push(sentence(by, EMPTY_FILE));
      else secrets[name] = secret;
      if (mode !== null && (mode & DOUBTFUL_RIGHTS) !== 0) notes.push(rightsNote(by, mode));
    } catch (error) {
      problems.push(sentence(by, reasonOf(error)));
    }
  }
  return { secrets, notes, problems };
}

/** The path is no file, or one of another kind. */
class NoSecretFile extends Error {}

const EMPTY_FILE: Phrase = { en: "the file is empty", zh: "文件为空" };

/** Clients and service managers pass `~` and `${HOME}` on unexpanded. */
function placeOf(path: string, platform: Pick<PlaceOptions, "os" | "env">): string {
  const reading = readHomeForm(path);
  return reading.kind === "home" ? expandedPath(reading, platform) : path;
}

function reasonOf(error: unknown): Phrase {
  if (error instanceof Deno.errors.NotFound) return { en: "there is no such file", zh: "没有该文件" };
  if (error instanceof NoSecretFile) {
    return {
      en: `it must be a file of at most ${MOST_SECRET_BYTES} bytes`,
      zh: `必须是不超过 ${MOST_SECRET_BYTES} 字节的文件`,
    };
  }
  if (error instanceof UnsetVariable) return error.problem;
  if (error instanceof Deno.errors.NotCapable) {
    return {
      en: "Deno was not given the permission to read the file: put -P=serve in front of main.ts",
      zh: "Deno 没有获得读取该文件的权限：请在 main.ts 前加 -P=serve",
    };
  }
  return { en: "the file cannot be read: check who owns it", zh: "无法读取该文件：请检查其所有者" };
}

/** Without the path: the variable may hold the secret itself by mistake. */
function sentence(by: string, { en, zh }: Phrase): Phrase {
  return { en: `${by}: ${en}`, zh: `${by}：${zh}` };
}

function rightsNote(by: string, mode: number): Phrase {
  const rights = (mode & 0o777).toString(8).padStart(4, "0");
  return sentence(by, {
    en: `other users can read or change the file (${rights}): make it 0600, or 0400 where it is mounted`,
    zh: `其他用户可以读取或修改该文件（${rights}）：请设为 0600，挂载的文件设为 0400`,
  });
}
