import assert from "node:assert/strict";
import {
  APP_LIMITS,
  CLAIM_DEADLINE_MS,
  COMMIT_DEADLINE_MS,
  PAUSE_ALLOWANCE_MS,
  SPENDING_LIMITS,
} from "../../src/tokens/renewal/limits.ts";
import { readPage } from "./pages.ts";

const PAGE = "docs/renewal.md";
const ROOT = new URL("../../", import.meta.url);

/** The protocols that the page shows to break, by name. */
const SIMPLER_PROTOCOLS: readonly string[] = Array.from({ length: 16 }, (_, index) => `C${index + 1}`);

interface Program {
  /** Counted from the root of the project. */
  readonly path: string;
  readonly text: string;
}

async function programs(folder: string): Promise<Program[]> {
  const all: Program[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}${name}`;
    if (isDirectory) all.push(...await programs(`${path}/`));
    else if (name.endsWith(".ts")) all.push({ path, text: await readPage(path) });
  }
  return all;
}

/** The comments of a program, each on one line. */
function commentsOf(text: string): string[] {
  const tokens = text.matchAll(/"(?:[^"\\\n]|\\.)*"|\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/[^\n]*\n)+|\/\/[^\n]*/gm);
  return [...tokens].map(([token]) => token).filter((token) => !token.startsWith('"'))
    .map((comment) => comment.replaceAll(/\s*\n\s*(?:\*|\/\/)\s*/g, " "));
}

/** The states that a comment names, as in "State Claim" and in "states Claim, HoldOff and Wait". */
function statesIn(comment: string): string[] {
  const named = comment.matchAll(/\b[Ss]tates? ((?:[A-Z]\w+)(?:(?:,| and) [A-Z]\w+)*)/g);
  return [...named].flatMap(([, names = ""]) => names.split(/,? and |, /));
}

/** The rows of the table below the heading `title`, each as its cells; without the table's head. */
function rowsBelow(page: string, title: string): string[][] {
  const [, section = ""] = page.split(`\n## ${title}\n`);
  const rows = section.split("\n## ", 1).join("").split("\n").filter((line) => line.startsWith("| "));
  return rows.slice(2).map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** What the titles of the tests in `text` begin with that name a simpler protocol. */
function protocolsIn(text: string): string[] {
  return [...text.matchAll(/"(C\d+): /g)].map(([, name = ""]) => name);
}

Deno.test("each of the sixteen simpler protocols is named by a test", async () => {
  const tests = (await programs("tests/")).filter(({ path }) => path.endsWith("_test.ts"));
  const named = new Set(tests.flatMap(({ text }) => protocolsIn(text)));
  assert.deepEqual(SIMPLER_PROTOCOLS.filter((name) => !named.has(name)), []);
});

Deno.test(`${PAGE} links each of the simpler protocols to a test that names it`, async () => {
  const rows = rowsBelow(await readPage(PAGE), "Sixteen simpler protocols");
  assert.deepEqual(rows.map(([name]) => name), SIMPLER_PROTOCOLS);
  for (const cells of rows) {
    const [, path = ""] = /\]\(\.\.\/(\S+)\)/.exec(cells.at(-1) ?? "") ?? [];
    assert(protocolsIn(await readPage(path)).includes(cells[0] ?? ""), `${path} does not name ${cells[0]}`);
  }
});

Deno.test(`the comments of src/tokens/ name the states of ${PAGE}, all of them and no others`, async () => {
  const states = rowsBelow(await readPage(PAGE), "The states of a renewal").map(([state = ""]) => state);
  const comments = (await programs("src/tokens/")).flatMap(({ text }) => commentsOf(text));
  const named = new Set(comments.flatMap(statesIn));
  assert.deepEqual([...named].toSorted(), states.toSorted());
});

Deno.test("no comment of src/ numbers the states", async () => {
  const numbering = (await programs("src/"))
    .filter(({ text }) => commentsOf(text).some((c) => /\bsteps? \d/i.test(c)))
    .map(({ path }) => path);
  assert.deepEqual(numbering, []);
});

Deno.test(`${PAGE} adds up the limits of the code`, async () => {
  const rows = rowsBelow(await readPage(PAGE), "Where the 40 seconds come from");
  const seconds = rows.map((cells) => cells.slice(1).map((cell) => Number(/\d+/.exec(cell)?.[0]) * 1_000));
  const limits = [SPENDING_LIMITS, APP_LIMITS];
  assert.deepEqual(seconds, [
    limits.map(() => PAUSE_ALLOWANCE_MS),
    limits.map(({ attemptTimeoutMs }) => attemptTimeoutMs),
    limits.map(() => COMMIT_DEADLINE_MS),
    limits.map(({ needMs }) => needMs),
    limits.map(() => CLAIM_DEADLINE_MS),
    limits.map(({ lifeMs }) => lifeMs),
  ]);
});

Deno.test.each([
  ["// State Claim.\n", ["Claim"]],
  ["/**\n * Decides: states Claim,\n * HoldOff and Wait of the renewal.\n */", ["Claim", "HoldOff", "Wait"]],
  ["// in state\n  // Read\n", ["Read"]],
  ['const text = "state Claim";', []],
  ["/** The state of a record. */", []],
])("of %j it is told which states a comment names: %j", (text, states) => {
  assert.deepEqual(commentsOf(text).flatMap(statesIn), states);
});
