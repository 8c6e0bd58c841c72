import assert from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { codeBlocks, existsBeside, PAGES, readPage } from "./pages.ts";

for (const page of PAGES) {
  Deno.test(`${page} links to files that exist`, async () => {
    const links = [...(await readPage(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? "");
    const paths = links.filter((target) => !/^(https?:|#)/.test(target)).map((target) =>
      target.replace(/#.*/, "")
    );
    const broken: string[] = [];
    for (const path of paths) if (!await existsBeside(page, path)) broken.push(path);
    assert.deepEqual(broken, []);
  });

  Deno.test(`${page} links to headings that exist`, async () => {
    const text = await readPage(page);
    const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slug(heading ?? ""));
    const anchors = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor ?? "");
    assert.deepEqual(anchors.filter((anchor) => !headings.includes(anchor)), []);
  });

  Deno.test(`${page} names tasks that exist`, async () => {
    const named = [...(await readPage(page)).matchAll(/\btask ([a-z][a-z-]*)/g)].map(([, name]) =>
      name ?? ""
    );
    assert.deepEqual(named.filter((name) => !Object.hasOwn(manifest.tasks, name)), []);
  });

  Deno.test(`${page} shows JSON that is valid`, async () => {
    for (const block of codeBlocks(await readPage(page), "json")) {
      assert.doesNotThrow(() => JSON.parse(block));
    }
  });
}

/** A heading's anchor, as code hosts make it. */
function slug(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\w\s-]/g, "").replaceAll(" ", "-");
}
