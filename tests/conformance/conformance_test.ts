/**
 * The conformance suite of the Model Context Protocol against the real server, and against a fixture on the same HTTP
 * stack for what the real server has no use for.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { STATELESS_REVISION } from "../../src/mcp/messages/revisions.ts";
import { RunningServer } from "../clients/running_server.ts";
import { REVISION, runSuite, type ScenarioResult } from "./conformance_suite.ts";
import { type CountedServer, countsTable } from "./counts_table.ts";
import { FixtureServer } from "./fixture_server.ts";

const EXPECTED_FAILURES = fileURLToPath(new URL("expected_failures.yml", import.meta.url));
const NOT_FOR_TOKENS = fileURLToPath(new URL("expected_failures_2026_07_28.yml", import.meta.url));

/** Scenarios that need nothing but a server with tools. All others call tools, resources or prompts by name. */
const FOR_EVERY_SERVER = ["dns-rebinding-protection", "ping", "server-initialize", "tools-list"] as const;

/** The same of revision 2026-07-28, with what it asks of headers, and of the answers by which a client gets to know it. */
const FOR_EVERY_STATELESS_SERVER = [
  "dns-rebinding-protection",
  "http-header-validation",
  "tools-list",
] as const;

/** About the end of a session: a server without sessions is excused before anything is checked. */
const NOT_APPLICABLE = ["server-session-lifecycle"];

const counted: CountedServer[] = [];

Deno.test.afterAll(() => {
  const tables = counted.map(countsTable).join("\n");
  Deno.stderr.writeSync(new TextEncoder().encode(`\nConformance\n\n${tables}`));
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
  counted.push({ title: `The real server, ${REVISION}`, results, expected: [] });
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
  const expected = await expectedFailures(EXPECTED_FAILURES);
  counted.push({ title: `The fixture on the same HTTP stack, ${REVISION}`, results, expected });
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

Deno.test("the real server meets the requirements of 2026-07-28 but for what a server of tokens has not", async (t) => {
  await using server = await RunningServer.start();
  const { results, exitCode, output } = await runSuite(server.url, [
    ...["--requirements", STATELESS_REVISION],
    ...["--expected-failures", NOT_FOR_TOKENS],
  ]);
  const expected = await expectedFailures(NOT_FOR_TOKENS);
  counted.push({ title: `The real server, ${STATELESS_REVISION}`, results, expected });
  for (const { scenario, passed, failed } of results) {
    await t.step(`${scenario}: ${passed} passed, ${failed.length} failed`, () => {
      const unexpected = failed.map((check) => `${scenario}:${check}`).filter((each) =>
        !expected.includes(each)
      );
      assert.deepEqual(unexpected, []);
    });
  }
  const passed = named(results, "passed");
  for (const scenario of FOR_EVERY_STATELESS_SERVER) assert.ok(passed.includes(scenario), scenario);
  // A line that is no longer needed fails the run as well.
  assert.equal(exitCode, 0, output);
});

async function expectedFailures(file: string): Promise<string[]> {
  const text = await Deno.readTextFile(file);
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
