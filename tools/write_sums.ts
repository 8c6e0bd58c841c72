import { createHash } from "node:crypto";

/** Its lines are what `sha256sum --check` reads. */
const SUMS_FILE = "SHA256SUMS";

/** Writes `SHA256SUMS` into `folder`: the hash of every other file in it, by name. */
export async function writeSums(folder: string): Promise<void> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && name !== SUMS_FILE) names.push(name);
  }
  const lines = await Promise.all(
    names.sort().map(async (name) => `${await sha256(`${folder}/${name}`)}  ${name}\n`),
  );
  await Deno.writeTextFile(`${folder}/${SUMS_FILE}`, lines.join(""));
}

async function sha256(path: string): Promise<string> {
  using file = await Deno.open(path);
  const hash = createHash("sha256");
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}
