import assert from "node:assert/strict";
import { GENERATED_PARTS } from "./generated_parts.ts";
import { cutPage } from "./marked_part.ts";
import { readPage } from "./pages.ts";

// Out of date? CONTRIBUTING.md has the command that writes the parts anew.
for (const { file, name, render } of GENERATED_PARTS) {
  Deno.test(`${file} says of its ${name} what the code says`, async () => {
    const { part } = cutPage(await readPage(file), name);
    assert.deepEqual(blocks(part), blocks(render()));
  });
}

/** Paragraphs and table rows. Line breaks, padding and the rules below headers are `deno fmt`'s. */
function blocks(text: string): string[] {
  return text.trim().split(/\n\n|\n(?=\|)/).map((block) =>
    block.replaceAll(/\s+/g, "").replaceAll(/-{3,}/g, "---")
  );
}
