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
 * Passes regular files alone, by what `Deno.stat` or `Deno.lstat` has `found`. Nothing else may be opened: opening a
 * pipe waits for its other end, and reading a device may never end.
 *
 * @throws UnfitFile naming what is there instead.
 */
export function assertRegular(found: Deno.FileInfo): void {
  if (found.isFile) return;
  const [, kind] = KINDS.find(([property]) => found[property] === true) ?? [];
  throw new UnfitFile(kind ?? NO_FILE);
}
