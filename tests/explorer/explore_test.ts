import assert from "node:assert/strict";
import { UsageError } from "../../tools/developer_task.ts";
import { explore } from "./explore.ts";

async function explored(...args: string[]): Promise<{ readonly code: number; readonly text: string }> {
  const lines: string[] = [];
  const code = await explore(args, (line) => void lines.push(line));
  return { code, text: lines.join("\n") };
}

Deno.test("explore() says how many walks held", async () => {
  const { code, text } = await explored("--seed", "7", "--walks", "5");
  assert.equal(code, 0);
  assert.match(text, /^5 walks, \d+ steps: every invariant held$/);
});

Deno.test("explore() walks through logins when it is asked to", async () => {
  const { code, text } = await explored("--logins", "--seed", "7", "--walks", "1");
  assert.equal(code, 0);
  assert.match(text, /"secondLogin"/);
  const failed = await explored("--logins", "--walks", "100", "--without", "claim/lease");
  assert.match(
    failed.text,
    /\nTo repeat: deno task explore --logins --seed \d+ --walks 1 --without claim\/lease$/,
  );
});

Deno.test("explore() prints the whole trace of one walk", async () => {
  const { code, text } = await explored("--seed", "7", "--walks", "1");
  assert.equal(code, 0);
  assert.match(text, /^\{"world":.*\n +0\.000 s /);
  assert.match(text, /every invariant held$/);
});

Deno.test("explore() prints a short trace and the seed of a walk in which an invariant does not hold", async () => {
  const { code, text } = await explored("--walks", "200", "--without", "claim/lease");
  assert.equal(code, 1);
  const [, invariant] = /^(\w+): [PQRS] \w/.exec(text) ?? [];
  const [, seed] =
    /\nTo repeat: deno task explore --seed (\d+) --walks 1 --without claim\/lease$/.exec(text) ?? [];
  assert(invariant !== undefined && seed !== undefined, text);
  assert(text.split("\n").length < 40, text);
  const repeated = await explored("--seed", seed, "--walks", "1", "--without", "claim/lease");
  assert.equal(repeated.code, 1);
  assert.match(repeated.text, new RegExp(`\\n${invariant}: `));
});

Deno.test.each([["--seed", "x"], ["--walks", "-1"], ["--without", "claim"], ["--without", "mark/status"], [
  "--fast",
]])(
  "explore() refuses %s %s",
  async (...args) => {
    await assert.rejects(explored(...args), UsageError);
  },
);
