import assert from "node:assert/strict";
import { commandBlocks } from "./command_blocks.ts";
import { chinesePage, codeBlocks, proseOf, readPage, TRANSLATED_PAGES } from "./pages.ts";

for (const page of TRANSLATED_PAGES) {
  const [english, chinese] = await Promise.all([readPage(page), readPage(chinesePage(page))]);

  Deno.test(`${chinesePage(page)} has the headings of the English page`, () => {
    assert.deepEqual(headingLevels(chinese), headingLevels(english));
  });

  Deno.test(`${chinesePage(page)} has the commands and configurations of the English page`, () => {
    assert.deepEqual(commandBlocks(chinese), commandBlocks(english));
    for (const language of ["json", "env"]) {
      assert.deepEqual(codeBlocks(chinese, language), codeBlocks(english, language));
    }
  });

  Deno.test(`${chinesePage(page)} names what the English page names`, () => {
    assert.deepEqual(namesIn(chinese), namesIn(english));
  });

  Deno.test(`${page} and its translation link to each other`, () => {
    const [name, translation] = [page, chinesePage(page)].map((path) => path.replace(/^docs\//, ""));
    assert.ok(english.includes(`](${translation})`));
    assert.ok(chinese.includes(`](${name})`));
  });
}

function headingLevels(page: string): number[] {
  return [...proseOf(page).matchAll(/^(#+) /gm)].map(([, marks]) => marks?.length ?? 0);
}

/** Flags, variables, tools, fields and codes of a page: what stands as code in its prose. */
function namesIn(page: string): string[] {
  const names = [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, name]) => name ?? "");
  return [...new Set(names)].sort();
}
