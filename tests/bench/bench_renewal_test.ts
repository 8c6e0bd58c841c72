import assert from "node:assert/strict";
import { childCommand } from "../../harness/child_command.ts";
import { findDenoKv } from "../support/denokv.ts";
import { PROJECT_FOLDER } from "../../bench/server_process.ts";

const SMALL = [
  ...["--callers", "24", "--processes", "3", "--rounds", "1", "--latency-ms", "100"],
  ...["--stall-ms", "300", "--per-second", "100"],
  ...["--records", "300", "--reads", "20", "--rotations", "3"],
];

/** Runs the program with the permissions that its task gives. */
async function benchRenewal(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  const { code, stdout, stderr } = await childCommand(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "-P=bench-renewal", "bench/renewal/bench_renewal.ts"],
      ...args,
    ],
    cwd: PROJECT_FOLDER,
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, output: text.decode(stdout), errors: text.decode(stderr) };
}

/** The cells of the rows that begin with `first`. */
function rows(output: string, first: string): string[][] {
  return output.split("\n").map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
    .filter(([cell]) => cell === first);
}

Deno.test("a stampede on a file makes one call at Feishu, and every part of the benchmark runs", async () => {
  const { code, output, errors } = await benchRenewal("--store", "file", ...SMALL);
  assert.equal(code, 0, errors);
  for (const part of ["app token", "refresh token"]) {
    assert.deepEqual(rows(output, part).map(([, store, calls]) => [store, calls]), [["file", "1"]], output);
  }
  const [stall, records, rotation] = rows(output, "file");
  assert.notEqual(stall?.at(-1), "0", output);
  assert(records?.slice(1, 4).every((cell) => Number(cell) > 0), output);
  assert(rotation?.slice(1).every((cell) => Number(cell) > 0), output);
});

Deno.test({
  name: "a stampede on denokv makes one call at Feishu",
  ignore: await findDenoKv() === undefined,
  fn: async () => {
    const { code, output, errors } = await benchRenewal("stampede", "--store", "denokv", ...SMALL);
    assert.equal(code, 0, errors);
    for (const part of ["app token", "refresh token"]) {
      assert.deepEqual(rows(output, part).map(([, , calls]) => calls), ["1"], output);
    }
  },
});

Deno.test.each([
  [["stampedes"], 'No part "stampedes": name stampede, stall, records, rotation, or none for all'],
  [["--store", "redis"], 'No store "redis": --store file or --store denokv'],
  [["--callers", "many"], '--callers is "many": a whole number of at least 1'],
])("the benchmark refuses %j", async (args, message) => {
  const { code, errors } = await benchRenewal(...args);
  assert.equal(code, 2);
  assert(errors.includes(message), errors);
});
