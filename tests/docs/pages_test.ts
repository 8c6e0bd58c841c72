import assert from "node:assert/strict";
import { posix } from "node:path";
import manifest from "../../deno.json" with { type: "json" };
import { codeBlocks, existsBeside, PAGES, proseOf, readPage } from "./pages.ts";

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
    const links = [...(await readPage(page)).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)]+)\)/g)];
    const broken: string[] = [];
    for (const [, path = "", anchor = ""] of links) {
      const target = path === "" ? page : posix.join(posix.dirname(page), path);
      const headings = [...proseOf(await readPage(target)).matchAll(/^#+ (.+)$/gm)];
      if (!headings.some(([, heading]) => slug(heading ?? "") === decodeURIComponent(anchor))) {
        broken.push(`${target}#${anchor}`);
      }
    }
    assert.deepEqual(broken, []);
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
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}_\s-]/gu, "").replaceAll(" ", "-");
}
