import assert from "node:assert/strict";
import { codeBlocks, existsBeside, readPage } from "./pages.ts";

const PAGE = "docs/architecture.md";
const ROOT = new URL("../../", import.meta.url);
const COMPOSE = "src/compose.ts";

/** Folders that the picture leaves out: every other one may import them. */
const FOR_ALL: ReadonlySet<string> = new Set(["concurrency", "credentials", "errors", "net", "process"]);

/** One line of a walk. */
interface Step {
  readonly file: string;
  /** The other files that the line links to: an interface, or `compose.ts`. */
  readonly between: readonly string[];
}

/** The numbered lists below `## Three calls`: each is one walk. */
function walksIn(page: string): Step[][] {
  const [, section = ""] = /^## Three calls$(.*?)^## /ms.exec(page) ?? [];
  const lines = section.replaceAll(/\n {3,}(?=\S)/g, " ").split("\n");
  const walks: Step[][] = [];
  for (const line of lines) {
    const [, number, text = ""] = /^(\d+)\. (.*)$/.exec(line) ?? [];
    if (number === undefined) continue;
    if (number === "1") walks.push([]);
    const [file = "", ...between] = [...text.matchAll(/\]\(\.\.\/(src\/[^)#]+\.ts)\)/g)].map((
      [, path = ""],
    ) => path);
    walks.at(-1)?.push({ file, between });
  }
  return walks;
}

/** The files of `src/` that `text`, at `path`, imports. */
function importsOf(path: string, text: string): string[] {
  const base = new URL(path, "file:///");
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g)]
    .map(([, target = ""]) => new URL(target, base).pathname.slice(1));
}

async function imports(path: string): Promise<string[]> {
  return importsOf(path, await readPage(path));
}

/** What is wrong with the step from `from` to `to`; `undefined` where nothing is. */
async function wrongStep(from: Step, to: Step): Promise<string | undefined> {
  if ((await imports(from.file)).includes(to.file)) return undefined;
  for (const between of from.between) {
    const before = between === COMPOSE ? [COMPOSE] : await imports(from.file);
    const after = between === COMPOSE ? [to.file] : [between];
    const importer = between === COMPOSE ? COMPOSE : to.file;
    const importsNext = (await imports(importer)).some((path) => after.includes(path));
    const isBetween = between === COMPOSE || /^export (?:interface|type) /m.test(await readPage(between));
    if (before.includes(between) && importsNext && isBetween) return undefined;
  }
  return `${from.file} does not import ${to.file}, and its line in ${PAGE} names no interface that both import, ` +
    `nor ${COMPOSE} where that hands it in`;
}

async function sourceFiles(folder: URL, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await sourceFiles(new URL(`${name}/`, folder), `${prefix}${name}/`));
    else if (name.endsWith(".ts")) found.push(`${prefix}${name}`);
  }
  return found;
}

/** Names of the parts of `src/` as the picture has them: a folder, or `compose` for `compose.ts`. */
function partOf(path: string): string {
  return (path.split("/")[1] ?? "").replace(/\.ts$/, "");
}

/** The arrows of the picture, as `from > to`. */
function arrowsIn(page: string): string[] {
  const [picture = ""] = codeBlocks(page, "mermaid");
  return [...picture.matchAll(/^ {2}(\w+)(?:\[[^\]]*\])? --> (\w+)/gm)].map(([, from, to]) =>
    `${from} > ${to}`
  );
}

Deno.test(`${PAGE} walks through files that exist`, async () => {
  const walks = walksIn(await readPage(PAGE));
  assert.ok(walks.length >= 3 && walks.every((walk) => walk.length >= 2), "lists were not found");
  const named = walks.flat().flatMap(({ file, between }) => [file, ...between]);
  const missing: string[] = [];
  for (const path of named) if (path === "" || !await existsBeside("README.md", path)) missing.push(path);
  assert.deepEqual(missing, []);
});

Deno.test(`${PAGE} walks from each file to one that it imports, or says what lies between`, async () => {
  const wrong: string[] = [];
  for (const walk of walksIn(await readPage(PAGE))) {
    for (const [index, to] of walk.entries()) {
      const from = walk[index - 1];
      const problem = from === undefined ? undefined : await wrongStep(from, to);
      if (problem !== undefined) wrong.push(problem);
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("a step between files that have nothing to do with each other is found", async () => {
  const renewal = { file: "src/tokens/renewal/renewal.ts", between: [] };
  const folder = { file: "src/store/journal/journal_folder.ts", between: [] };
  assert.notEqual(await wrongStep(renewal, folder), undefined);
  // compose.ts imports neither, and no interface of the clock is the journal's port.
  for (const between of [COMPOSE, "src/ports/clock.ts"]) {
    assert.notEqual(await wrongStep({ ...renewal, between: [between] }, folder), undefined);
  }
});

Deno.test(`${PAGE} draws the imports among the folders that it shows`, async () => {
  const drawn = arrowsIn(await readPage(PAGE));
  const shown = new Set(drawn.flatMap((arrow) => arrow.split(" > ")));
  const real = new Set<string>();
  for (const path of await sourceFiles(new URL("src/", ROOT), "src/")) {
    for (const target of await imports(path)) {
      const [from, to] = [partOf(path), partOf(target)];
      if (from !== to && shown.has(from) && shown.has(to)) real.add(`${from} > ${to}`);
    }
  }
  assert.deepEqual(drawn.filter((arrow) => !real.has(arrow)), [], "drawn, and nothing imports so");
  // cli looks into most folders, and compose.ts into all: their arrows would hide the others.
  const left = [...real].filter((arrow) => !drawn.includes(arrow) && !/^(?:cli|compose) > /.test(arrow));
  assert.deepEqual(left, [], "imported, and not drawn");
});

Deno.test(`${PAGE} shows every folder of src/ but those that all may import`, async () => {
  const page = await readPage(PAGE);
  const shown = new Set(arrowsIn(page).flatMap((arrow) => arrow.split(" > ")));
  const folders: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL("src/", ROOT))) {
    if (isDirectory) folders.push(name);
  }
  assert.deepEqual(folders.filter((name) => !shown.has(name) && !FOR_ALL.has(name)), []);
  assert.deepEqual([...FOR_ALL].filter((name) => !page.includes(`\`${name}\``)), []);
});
