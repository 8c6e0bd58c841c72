import assert from "node:assert/strict";
import { homebrewFormula } from "../../packaging/homebrew_formula.ts";
import { DESCRIPTION } from "../../packaging/npm/npm_manifest.ts";
import { scoopManifest } from "../../packaging/scoop_manifest.ts";
import { readSums } from "../../packaging/read_sums.ts";
import { serverJson } from "../../packaging/server_json.ts";
import { COMPLETION_FILES } from "../../packaging/completions/completion_files.ts";
import { OUTSIDE_NAMES } from "../../src/outside_names.ts";
import { VERSION } from "../../src/version.ts";
import { binaryName, COMPILE_TARGETS } from "../../tools/compile_targets.ts";
import { writeSums } from "../../tools/write_sums.ts";
import { TempFolder } from "../support/temp_folder.ts";

const WINDOWS = binaryName(VERSION, "x86_64-pc-windows-msvc");

/** The sums of a release with every binary, each of contents of its own, as the release's own tool writes them. */
async function sumsOfAll(): Promise<ReadonlyMap<string, string>> {
  await using folder = await TempFolder.make();
  const names = [
    ...COMPILE_TARGETS.map((target) => binaryName(VERSION, target)),
    ...Object.values(COMPLETION_FILES),
  ];
  for (const name of names) await Deno.writeTextFile(`${folder.path}/${name}`, `contents of ${name}`);
  await writeSums(folder.path);
  return readSums(await Deno.readTextFile(`${folder.path}/SHA256SUMS`));
}

/** The address of a file of the release, in regular expressions' words. */
function address(name: string): string {
  return `${OUTSIDE_NAMES.releases}/v${VERSION}/${name}`;
}

Deno.test("homebrewFormula() has for each file that it downloads the sum of the release", async () => {
  const sums = await sumsOfAll();
  const formula = homebrewFormula(sums);
  const downloads = [...formula.matchAll(/url "([^"]+)"\n +sha256 "([^"]+)"/g)].map((
    [, url, sum],
  ) => [url, sum]);
  const files = [...sums.keys()].filter((name) => name !== WINDOWS && name !== COMPLETION_FILES.powershell);
  assert.deepEqual(downloads.sort(), files.map((name) => [address(name), sums.get(name)]).sort());
  assert.doesNotMatch(formula, /Not in this build/);
});

Deno.test("homebrewFormula() ends each of its blocks", async () => {
  for (const sums of [await sumsOfAll(), new Map<string, string>()]) {
    const lines = homebrewFormula(sums).split("\n");
    const opened = lines.filter((line) => /^class |\bdo$|^ +def /.test(line)).length;
    assert.equal(lines.filter((line) => /^ *end$/.test(line)).length, opened);
  }
});

Deno.test("homebrewFormula() names the platforms whose binary is missing, and offers the others", () => {
  const linux = binaryName(VERSION, "x86_64-unknown-linux-gnu");
  const formula = homebrewFormula(new Map([[linux, "ab".repeat(32)]]));
  assert.match(
    formula,
    /# Not in this build: aarch64-apple-darwin, x86_64-apple-darwin, aarch64-unknown-linux-gnu$/m,
  );
  assert.ok(formula.includes(address(linux)));
  assert.doesNotMatch(formula, /on_macos/);
});

Deno.test("scoopManifest() has the sum of Windows' binary", async () => {
  const sums = await sumsOfAll();
  const { architecture } = scoopManifest(sums);
  assert.deepEqual(architecture, {
    "64bit": { url: `${address(WINDOWS)}#/feishu-token-mcp.exe`, hash: sums.get(WINDOWS) },
  });
});

Deno.test("scoopManifest() offers nothing without Windows' binary, and says so", () => {
  const manifest = scoopManifest(new Map());
  assert.equal(manifest.architecture, undefined);
  assert.match(String(manifest["##"]), /^Not in this build: /);
});

Deno.test("serverJson() keeps to what the registry takes", () => {
  const bundle = ["feishu-token-mcp-x.mcpb", "ab".repeat(32)] as const;
  const { name, description, version, packages, title } = serverJson([bundle]);
  assert.match(String(name), /^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
  assert.ok(DESCRIPTION.length <= 100 && String(title).length <= 100);
  assert.deepEqual([description, version], [DESCRIPTION, VERSION]);
  assert.ok(Array.isArray(packages));
  const kinds = packages.map((
    { registryType, identifier, transport },
  ) => [registryType, identifier, transport.type]);
  assert.deepEqual(kinds, [
    ["npm", OUTSIDE_NAMES.npmPackage, "stdio"],
    ["oci", `${OUTSIDE_NAMES.image}:${VERSION}`, "stdio"],
    ["mcpb", address(bundle[0]), "stdio"],
  ]);
  assert.equal(packages[2].fileSha256, bundle[1]);
  for (const { environmentVariables } of packages) {
    const secret = environmentVariables.filter(({ isSecret }: { isSecret: boolean }) => isSecret);
    assert.deepEqual(secret.map((each: { name: string }) => each.name), ["FEISHU_APP_SECRET"]);
  }
});
