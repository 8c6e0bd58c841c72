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

/** Whether `path` has a class, a function or a value of one of the interfaces that `port` exports. */
async function implementsOf(port: string, path: string): Promise<boolean> {
  const names = [...(await readPage(port)).matchAll(/^export interface (\w+)/gm)].map(([, name = ""]) =>
    name
  );
  if (names.length === 0 || !(await imports(path)).includes(port)) return false;
  const name = `(?:${names.join("|")})\\b`;
  const pattern = new RegExp(
    `\\bimplements (?:\\w+, )*${name}|^export function [^{]*\\): ${name}|^export const \\w+: ${name}`,
    "m",
  );
  return pattern.test(await readPage(path));
}

/** What is wrong with the step from `from` to `to`; `undefined` where nothing is. */
async function wrongStep(from: Step, to: Step): Promise<string | undefined> {
  const own = await imports(from.file);
  if (own.includes(to.file)) return undefined;
  for (const between of from.between) {
    const isGiven = between === COMPOSE
      ? (await imports(COMPOSE)).includes(to.file)
      : own.includes(between) && await implementsOf(between, to.file);
    if (isGiven) return undefined;
  }
  return `${from.file} does not import ${to.file}, and its line in ${PAGE} names neither an interface that the one ` +
    `imports and the other implements, nor ${COMPOSE} where that hands it in`;
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
  const mask = { file: "src/log/masking_tokens.ts", between: [] };
  const rejections = { file: "src/tokens/rejections.ts", between: [] };
  assert.notEqual(await wrongStep(mask, rejections), undefined);
  // Both import the port, and neither does the second implement it nor does compose.ts import it.
  for (const between of [COMPOSE, "src/ports/tokens.ts"]) {
    assert.notEqual(await wrongStep({ ...mask, between: [between] }, rejections), undefined);
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
