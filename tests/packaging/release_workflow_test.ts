import assert from "node:assert/strict";
import { z } from "zod";
import { DENO_VERSION } from "../../packaging/deno_version.ts";
import { COMPILE_TARGETS } from "../../tools/compile_targets.ts";
import { PROJECT_FOLDER } from "../../tools/project_folder.ts";
import { readYaml } from "./read_yaml.ts";

const PATH = ".github/workflows/release.yml";

const Permissions = z.record(z.string(), z.enum(["read", "write", "none"]));
const Workflow = z.object({
  on: z.strictObject({ push: z.strictObject({ tags: z.array(z.string()) }) }),
  permissions: Permissions,
  env: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.object({
      needs: z.array(z.string()).default([]),
      permissions: Permissions,
      "timeout-minutes": z.number(),
      strategy: z.object({ matrix: z.object({ include: z.array(z.object({ target: z.string() })) }) })
        .optional(),
      steps: z.array(z.object({
        uses: z.string().optional(),
        run: z.string().optional(),
        with: z.record(z.string(), z.unknown()).default({}),
      })),
    }),
  ),
});

const text = await Deno.readTextFile(`${PROJECT_FOLDER}/${PATH}`);
const { on, permissions, env, jobs } = Workflow.parse(await readYaml(PATH));

/** What each job may do beyond reading the sources, and nothing more. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  draft: ["attestations", "contents", "id-token"],
  image: ["id-token", "packages"],
  npm: ["id-token"],
  publish: ["contents"],
};

/** Every job that `job` waits for, also by way of others. */
function before(job: string): Set<string> {
  const needs = jobs[job]?.needs ?? [];
  return new Set([...needs, ...needs.flatMap((each) => [...before(each)])]);
}

Deno.test("the release workflow runs for tags of versions alone", () => {
  assert.deepEqual(on, { push: { tags: ["v[0-9]+.[0-9]+.[0-9]+*"] } });
});

Deno.test("the release workflow pins every action by commit, and says which version that is", () => {
  const uses = Object.values(jobs).flatMap(({ steps }) => steps.flatMap((step) => step.uses ?? []));
  assert.ok(uses.length > 5);
  assert.deepEqual(uses.filter((each) => !/^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/.test(each)), []);
  const named = [...text.matchAll(/uses: (\S+) # v\d+\.\d+\.\d+$/gm)].map(([, each]) => each);
  assert.deepEqual(named, [...text.matchAll(/uses: (\S+)/g)].map(([, each]) => each));
});

Deno.test("the release workflow pins an action to one commit wherever it is used", () => {
  const commits = new Map<string, Set<string>>();
  for (const [, action = "", commit = ""] of text.matchAll(/uses: ([^@\s]+)@(\S+)/g)) {
    commits.set(action, (commits.get(action) ?? new Set()).add(commit));
  }
  assert.deepEqual([...commits].filter(([, each]) => each.size > 1), []);
});

Deno.test("each job of the release workflow has no more permissions than it needs, and a time limit", () => {
  assert.deepEqual(permissions, {});
  for (const [name, job] of Object.entries(jobs)) {
    const writes = Object.entries(job.permissions).filter(([, right]) => right === "write").map(([what]) =>
      what
    );
    assert.deepEqual(writes.sort(), WRITES[name] ?? [], name);
    const reads = Object.entries(job.permissions).filter(([, right]) => right === "read").map(([what]) =>
      what
    );
    assert.deepEqual(reads.filter((what) => what !== "contents"), [], name);
    assert.ok(job["timeout-minutes"] <= 30, name);
  }
});

Deno.test("the release workflow publishes nothing before every artefact was tested", () => {
  assert.ok(before("smoke").has("draft") && before("draft").has("test"));
  for (const job of ["image", "npm", "publish"]) assert.ok(before(job).has("smoke"), job);
  for (const job of ["image", "npm"]) assert.ok(before("publish").has(job), job);
});

Deno.test("the release workflow tests the binary of every target", () => {
  const tested = jobs.smoke?.strategy?.matrix.include.map(({ target }) => target.replace(/\.exe$/, ""));
  assert.deepEqual(tested?.toSorted(), [...COMPILE_TARGETS]);
});

Deno.test("the release workflow puts no expression into a script, and keeps no secret", () => {
  const scripts = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  assert.deepEqual(scripts.filter((script) => script.includes("${{")), []);
  assert.doesNotMatch(text, /\bsecrets\./);
  for (const { steps } of Object.values(jobs)) {
    for (const step of steps) {
      if (step.uses?.startsWith("actions/checkout@")) assert.equal(step.with["persist-credentials"], false);
    }
  }
});

Deno.test("the release workflow builds with the Deno that is shipped", () => {
  assert.equal(env.DENO_VERSION, DENO_VERSION);
});
