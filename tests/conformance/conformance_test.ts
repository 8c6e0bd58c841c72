/**
 * The conformance suite of the Model Context Protocol against the real server, and against a fixture on the same HTTP
 * stack for what the real server has no use for.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { RunningServer } from "../clients/running_server.ts";
import { REVISION, runSuite, type ScenarioResult } from "./conformance_suite.ts";
import { type CountedServer, countsTable } from "./counts_table.ts";
import { FixtureServer } from "./fixture_server.ts";

const EXPECTED_FAILURES = fileURLToPath(new URL("expected_failures.yml", import.meta.url));

/** Scenarios that need nothing but a server with tools. All others call tools, resources or prompts by name. */
const FOR_EVERY_SERVER = ["dns-rebinding-protection", "ping", "server-initialize", "tools-list"] as const;

/** About the end of a session: a server without sessions is excused before anything is checked. */
const NOT_APPLICABLE = ["server-session-lifecycle"];

const counted: CountedServer[] = [];

Deno.test.afterAll(() => {
  const tables = counted.map(countsTable).join("\n");
  Deno.stderr.writeSync(new TextEncoder().encode(`\nConformance to ${REVISION}\n\n${tables}`));
});

Deno.test("the real server passes every scenario that applies to it", async (t) => {
  await using server = await RunningServer.start();
  const results: ScenarioResult[] = [];
  for (const scenario of FOR_EVERY_SERVER) {
    await t.step(scenario, async () => {
      const run = await runSuite(server.url, ["--scenario", scenario, "--spec-version", REVISION]);
      assert.equal(run.exitCode, 0, run.output);
      assert.deepEqual(run.results.map(outcome), [`${scenario}: passed`], run.output);
      results.push(...run.results);
    });
  }
  counted.push({ title: "The real server", results, expected: [] });
});

Deno.test("no further scenario passes against the real server", async () => {
  await using server = await RunningServer.start();
  const { results } = await runSuite(server.url, ["--requirements", REVISION]);
  assert.deepEqual(named(results, "passed"), FOR_EVERY_SERVER);
  assert.deepEqual(named(results, "unchecked"), NOT_APPLICABLE);
});

Deno.test("the fixture server meets the requirements but for the expected failures", async (t) => {
  await using server = await FixtureServer.start();
  const { results, exitCode, output } = await runSuite(server.url, [
    ...["--requirements", REVISION],
    ...["--expected-failures", EXPECTED_FAILURES],
  ]);
  const expected = await expectedFailures();
  counted.push({ title: "The fixture on the same HTTP stack", results, expected });
  for (const result of results) {
    const { scenario, passed, failed } = result;
    // Steps are the one thing that a quiet run prints.
    await t.step(`${scenario}: ${passed} passed, ${failed.length} failed`, () => {
      const excused = expected.filter((entry) => entry.startsWith(`${scenario}:`));
      assert.deepEqual(failed.map((check) => `${scenario}:${check}`), excused);
      assert.equal(outcome(result) === `${scenario}: unchecked`, NOT_APPLICABLE.includes(scenario));
    });
  }
  assert.equal(exitCode, 0, output);
});

async function expectedFailures(): Promise<string[]> {
  const text = await Deno.readTextFile(EXPECTED_FAILURES);
  return [...text.matchAll(/^ {2}- (\S+)$/gm)].flatMap(([, entry]) => entry ?? []);
}

/** A scenario in which nothing was checked has not passed. */
function outcome({ scenario, passed, failed }: ScenarioResult): string {
  if (failed.length > 0) return `${scenario}: failed`;
  return `${scenario}: ${passed === 0 ? "unchecked" : "passed"}`;
}

function named(results: readonly ScenarioResult[], wanted: "passed" | "unchecked"): string[] {
  return results.filter((result) => outcome(result) === `${result.scenario}: ${wanted}`)
    .map(({ scenario }) => scenario);
}
