import type { Phrase } from "../../errors/language.ts";
import { UnfitFile } from "./unfit_file.ts";

const KINDS: readonly (readonly [keyof Deno.FileInfo, Phrase])[] = [
  ["isDirectory", { en: "it is a folder", zh: "它是一个文件夹" }],
  ["isSymlink", { en: "it is a link, not a file", zh: "它是链接，不是文件" }],
  ["isFifo", { en: "it is a named pipe (FIFO), not a file", zh: "它是命名管道（FIFO），不是文件" }],
  ["isSocket", { en: "it is a socket, not a file", zh: "它是套接字，不是文件" }],
  ["isCharDevice", { en: "it is a device, not a file", zh: "它是设备，不是文件" }],
  ["isBlockDevice", { en: "it is a device, not a file", zh: "它是设备，不是文件" }],
];
const NO_FILE: Phrase = { en: "it is not a file", zh: "它不是文件" };

/**
 * Only what `Deno.stat` or `Deno.lstat` tells of a regular file passes. Others are never opened: a pipe keeps who opens it waiting for its
 * other end, and a device may have no end.
 *
 * @throws UnfitFile that says what it is.
 */
export function assertRegular(found: Deno.FileInfo): void {
  if (found.isFile) return;
  const [, kind] = KINDS.find(([property]) => found[property] === true) ?? [];
  throw new UnfitFile(kind ?? NO_FILE);
}
