import { assertRegular } from "./assert_regular.ts";
import { UnfitFile } from "./unfit_file.ts";

/**
 * The text of a small file. Kind and size are checked before it is opened, and no more than `mostBytes` are read even
 * if it grows meanwhile.
 *
 * @param path of a regular file, or of a link to one.
 * @param mostBytes more than such a file can have.
 * @throws UnfitFile when it is not a file, or larger; else Error of the operating system.
 */
export async function readSmallFile(path: string, mostBytes: number): Promise<string> {
  const found = await Deno.stat(path);
  assertRegular(found);
  assertSmall(found.size, mostBytes);
  using file = await Deno.open(path, { read: true });
  let bytes = new Uint8Array(found.size + 1);
  for (let length = 0;;) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) return new TextDecoder().decode(bytes.subarray(0, length));
    length += read;
    assertSmall(length, mostBytes);
    if (length < bytes.length) continue;
    const larger = new Uint8Array(2 * length);
    larger.set(bytes);
    bytes = larger;
  }
}

function assertSmall(size: number, mostBytes: number): void {
  if (size <= mostBytes) return;
  throw new UnfitFile({
    en: `it has ${size} bytes, and a file of this kind has at most ${mostBytes}`,
    zh: `它有 ${size} 字节，而这类文件最多 ${mostBytes} 字节`,
  });
}
