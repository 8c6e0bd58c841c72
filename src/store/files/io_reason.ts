import type { Phrase } from "../../errors/language.ts";
import { UnfitFile } from "./unfit_file.ts";

/** Why the operating system refused: a few words that end a one-line message. Names no path. */
export function ioReason(error: unknown): Phrase {
  if (error instanceof UnfitFile) return error.reason;
  const { PermissionDenied, NotCapable, IsADirectory, NotADirectory, AlreadyExists } = Deno.errors;
  if (error instanceof PermissionDenied) return { en: "permission denied", zh: "权限不足" };
  if (error instanceof NotCapable) {
    return {
      en: "Deno was not given the permission (--allow-read, --allow-write)",
      zh: "没有授予 Deno 该权限（--allow-read、--allow-write）",
    };
  }
  if (error instanceof IsADirectory) return { en: "it is a folder", zh: "它是一个文件夹" };
  if (error instanceof NotADirectory) {
    return { en: "a part of the path is not a folder", zh: "路径中有一部分不是文件夹" };
  }
  if (error instanceof AlreadyExists) return { en: "a file of that name exists", zh: "已有同名文件" };
  if (!(error instanceof Error)) return { en: "unknown cause", zh: "原因不明" };
  const said = error.message.replace(/\s*\(os error \d+\).*$/s, "").toLowerCase();
  return { en: said, zh: IN_CHINESE.get(said) ?? `系统返回「${said}」` };
}

/** Other frequent texts of the operating systems, as Deno passes them on, in lower case. */
const IN_CHINESE: ReadonlyMap<string, string> = new Map([
  ["no such file or directory", "没有该文件或文件夹"],
  ["no space left on device", "磁盘空间不足"],
  ["read-only file system", "文件系统为只读"],
  ["disk quota exceeded", "超出磁盘配额"],
  ["broken pipe", "读取方已关闭"],
]);
