import assert from "node:assert/strict";
import manifest from "../deno.json" with { type: "json" };
import { npmManifest } from "../packaging/npm/npm_manifest.ts";
import { VERSION } from "../src/version.ts";
import { PROJECT_FOLDER } from "../tools/project_folder.ts";

Deno.test("the version stands in deno.json alone, and the program and its packages have it from there", async () => {
  assert.equal(VERSION, manifest.version);
  assert.match(VERSION, /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/);
  assert.equal(npmManifest().version, VERSION);
  const source = await Deno.readTextFile(`${PROJECT_FOLDER}/src/version.ts`);
  assert.doesNotMatch(source, /\d+\.\d+\.\d+/);
});
