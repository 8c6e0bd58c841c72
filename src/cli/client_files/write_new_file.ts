/**
 * Makes the file `path`, which must not exist. When it resolves, its content is on the medium.
 *
 * @param mode its permissions; on Windows they mean nothing.
 */
export async function writeNewFile(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const file = await Deno.open(path, { createNew: true, write: true, mode: mode & 0o600 });
  try {
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
    await file.sync();
  } finally {
    file.close();
  }
  // Only now: the mask of the process counts for the mode of a file that is made, and not here.
  if (Deno.build.os !== "windows") await Deno.chmod(path, mode);
}
