import assert from "node:assert/strict";
import { chinesePage, proseOf, readPage } from "./pages.ts";

const PAGE = "docs/troubleshooting.md";
const SOURCE = new URL("../../src/", import.meta.url);

/** Begins the section about messages of Deno and the like. */
const FOREIGN = /^## (?:What others say|其他程序的报错)$/m;

/** A value that is inserted, or where a problem and what to do about it are put together. */
const JOINT = /…|: (?=name|set)|：(?=请)/;

for (const page of [PAGE, chinesePage(PAGE)]) {
  Deno.test(`${page} is keyed by messages that the program has`, async () => {
    const [own = ""] = proseOf(await readPage(page)).split(FOREIGN);
    const source = await readSource(SOURCE);
    const messages = [...own.matchAll(/^### (.+)$/gm)].map(([, message]) => message ?? "");
    const unknown = messages.filter((message) =>
      message.split(JOINT).some((fragment) => !source.includes(fragment.trim()))
    );
    assert.notEqual(messages.length, 0);
    // Deno's own message, which the program passes on.
    assert.deepEqual(unknown, ["Deno.openKv is not a function"]);
  });
}

/** Every source file in `folder`, with literals that are broken over lines, and inserted values, taken together. */
async function readSource(folder: URL): Promise<string> {
  let text = "";
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    text += isDirectory ? await readSource(url) : await Deno.readTextFile(url);
  }
  return text.replaceAll(/["`] \+\s*["`]/g, "");
}
