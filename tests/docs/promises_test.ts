import assert from "node:assert/strict";
import { chinesePage, existsBeside, PAGES, readPage } from "./pages.ts";

/** As many as the design has; comments and pages refer to them by number. */
const PROMISES = 9;

for (const page of ["docs/promises.md", chinesePage("docs/promises.md")]) {
  Deno.test(`${page} numbers nine promises`, async () => {
    const [list = ""] = (await readPage(page)).split(/^## /m);
    const numbers = [...list.matchAll(/^(\d+)\. \*\*/gm)].map(([, number]) => Number(number));
    assert.deepEqual(numbers, Array.from({ length: PROMISES }, (_, index) => index + 1));
  });

  Deno.test(`${page} says of each promise what shows it`, async () => {
    const [list = ""] = (await readPage(page)).split(/^## /m);
    const items = list.split(/^(?=\d+\. \*\*)/m).slice(1).map((item) => item.split("\n\n", 1)[0] ?? "");
    const shown = items.map((item) => /\]\(([^)]+)\)|`deno task (?:demo|chaos|attack)/.exec(item));
    assert.equal(shown.length, PROMISES);
    assert.deepEqual(items.filter((_, index) => shown[index] === null), []);
    for (const [, path] of shown.filter((each) => each !== null)) {
      if (path !== undefined) assert.ok(await existsBeside(page, path), path);
    }
  });
}

Deno.test("no page refers to a promise that there is not", async () => {
  const wrong: string[] = [];
  for (const page of PAGES) {
    const numbers = [...(await readPage(page)).matchAll(/\bpromises? (\d+)|承诺 ?(\d+)/gi)];
    for (const [reference, english, chinese] of numbers) {
      const number = Number(english ?? chinese);
      if (number < 1 || number > PROMISES) wrong.push(`${page}: ${reference}`);
    }
  }
  assert.deepEqual(wrong, []);
});
