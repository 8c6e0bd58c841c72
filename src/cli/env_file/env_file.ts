import * as util from "node:util";
import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { decodeText } from "./decode_text.ts";
import { envFileNotes } from "./env_file_notes.ts";

/** Content of an env file. */
export interface EnvFile {
  /** Values by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Doubtful lines and names, one sentence each. Never holds a value. */
  readonly notes: readonly Phrase[];
}

/**
 * Reads an env file: lines `NAME=value`, in UTF-8 or UTF-16.
 *
 * @throws StartError when it cannot be read, or does not exist and `isOptional` is `false`.
 */
export async function readEnvFile(path: string, isOptional: boolean): Promise<EnvFile> {
  // Not a named import: with one the program would not load on Deno 2.5, which hosting platforms run.
  if (typeof util.parseEnv !== "function") {
    throw new StartError({ en: "This Deno cannot read env files", zh: "此版本的 Deno 无法读取 env 文件" }, {
      nextStep: {
        en: "use Deno 2.9, or set the variables themselves",
        zh: "请使用 Deno 2.9，或直接设置环境变量",
      },
    });
  }
  try {
    const text = decodeText(await Deno.readFile(path));
    const variables = util.parseEnv(text) as Record<string, string>;
    return { variables, notes: envFileNotes(path, text, variables) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      if (isOptional) return { variables: {}, notes: [] };
      throw new StartError({ en: `There is no file ${path}`, zh: `没有文件 ${path}` }, {
        nextStep: {
          en: "--env-file needs one; begin with a copy of .env.example",
          zh: "--env-file 需要一个已有的文件；可从 .env.example 复制",
        },
      });
    }
    throw new StartError({ en: `Cannot read ${path}`, zh: `无法读取 ${path}` }, {
      nextStep: { en: "check that it is a file and who owns it", zh: "请检查它是否为文件及其所有者" },
      cause: error,
    });
  }
}
