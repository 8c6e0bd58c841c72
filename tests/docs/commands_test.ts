import assert from "node:assert/strict";
import { commandBlocks } from "./command_blocks.ts";
import { DocumentedShell } from "./documented_shell.ts";
import { existsBeside, PAGES, readPage } from "./pages.ts";

/** What a program says once it serves. */
const SERVING = /"event":"listening"|sandbox http|Open http/;

for (const page of PAGES) {
  // The Chinese pages have the same blocks: translations_test.ts.
  if (page.endsWith(".zh-CN.md")) continue;
  for (const { title, script, language, mark } of commandBlocks(await readPage(page))) {
    const [kind = "", what = ""] = mark?.split(": ", 2) ?? ["run"];
    const name = `${page}: ${title}`;
    switch (kind) {
      case "not run":
        Deno.test(`${name} says why it is not run`, () => assert.match(what, /\w+ \w+/));
        break;
      case "run by":
        Deno.test(`${name} names what runs it`, async () => assert.ok(await existsBeside("README.md", what)));
        break;
      case "serves":
        Deno.test({ name: `${name} serves`, ignore: Deno.build.os === "windows" }, async () => {
          await using shell = await DocumentedShell.open();
          assert.match(await shell.serve(script, SERVING), SERVING);
        });
        break;
      default:
        Deno.test({ name: `${name} works`, ignore: Deno.build.os === "windows" }, async () => {
          assert.equal(language, "sh");
          await using shell = await DocumentedShell.open();
          const { exitCode, output } = await shell.run(script);
          assert.equal(exitCode, kind === "exit code" ? Number(what) : 0, output);
        });
    }
  }
}
