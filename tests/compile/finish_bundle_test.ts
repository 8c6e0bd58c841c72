import assert from "node:assert/strict";
import { sep as SEPARATOR } from "node:path";
import { withComputedImports } from "../../tools/finish_bundle.ts";
import { childCommand } from "../../harness/child_command.ts";
import { bundleChunks } from "../../tools/bundle_program.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { runtimeEnv } from "./runtime_env.ts";

Deno.test("withComputedImports() computes the imports of chunks, and leaves all others", () => {
  assert.equal(
    withComputedImports(
      'import"./a.js";const b=await import("./run_b-4X.js"),c=import("node:path"),d=_import("./d.js");',
    ),
    'import"./a.js";const b=await import("./run_b-4X.js"+""),c=import("node:path"),d=_import("./d.js");',
  );
});

Deno.test("bundleChunks() finds what Deno's bundler writes, and its require() works", async () => {
  await using folder = await TempFolder.make();
  const entry = `${folder.path}/entry.ts`;
  await Deno.mkdir(`${folder.path}/node_modules/old`, { recursive: true });
  await Deno.writeTextFile(`${folder.path}/node_modules/old/package.json`, '{"name":"old","main":"old.cjs"}');
  await Deno.writeTextFile(
    `${folder.path}/node_modules/old/old.cjs`,
    'module.exports = { separator: require("node:path").sep };',
  );
  await Deno.writeTextFile(
    entry,
    'import old from "./node_modules/old/old.cjs"; console.log(old.separator);',
  );
  const main = await bundleChunks(`${folder.path}/out`, runtimeEnv(), entry);
  for await (const { name } of Deno.readDir(`${folder.path}/out`)) {
    const text = await Deno.readTextFile(`${folder.path}/out/${name}`);
    assert.doesNotMatch(text, /from ?"node:module"/);
  }
  const { stdout } = await childCommand(Deno.execPath(), {
    args: ["run", "--quiet", "--no-config", "--no-prompt", "--allow-read", "--allow-env", main],
  }).output();
  assert.equal(new TextDecoder().decode(stdout).trim(), SEPARATOR);
});
