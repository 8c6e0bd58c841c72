import assert from "node:assert/strict";
import { PROGRAM_ARGS, PROGRAM_FOLDER } from "../clients/running_server.ts";
import {
  callTool,
  getAppToken,
  getTenantToken,
  refresh,
  replacementIn,
  type UserToken,
} from "../e2e/tool_answer.ts";
import type { Program } from "../e2e/program.ts";
import { World } from "../e2e/world.ts";
import { SeededRandom } from "../sandbox/seeded_random.ts";
import { eventually } from "../support/eventually.ts";
import { REAL_CLOCK } from "../support/token_world.ts";
import type { TempFolder } from "../support/temp_folder.ts";
import { hasCodeOf010, unpackCodeOf010 } from "./code_of_0_1_0.ts";

const CALLS = 240;
const SLOW_MS = 50;
/** Less than passes before any round, and more than an answer takes. */
const CLOCK_SLACK_SECONDS = 30;
/** Those whose tokens are first presented where they belong. */
const GENERATIONS = ["v2", "v2", "v2", "v2", "oidc", "oidc"] as const;
/** How many seconds pass before each round: to the end of the access tokens, nearly so, and for long. */
const ROUNDS = [0, 60, 7_300, 6_960, 86_400];

/** One login, as its callers see it. */
interface Login {
  /** The refresh tokens presented so far, in order. */
  readonly spent: string[];
  /** The refresh token that nobody has presented. */
  newest: string;
  accessToken: string | undefined;
}

/** A process that serves. */
interface Server {
  readonly program: Program;
  /** Its MCP endpoint. */
  readonly url: string;
}

/** Processes of 0.1.0 and of this version, in this order, with one store file, one sandbox and one clock. */
async function startServers(
  world: World,
  old: TempFolder,
  versions: readonly ("0.1.0" | "this")[],
): Promise<Server[]> {
  const oldArgs = PROGRAM_ARGS.map((arg) => arg.replace(PROGRAM_FOLDER, old.path));
  const args = ["--sandbox-url", world.feishu.url, "--kv", `${world.home}/tokens.kv`];
  const env = await world.bareEnv();
  const servers: Server[] = [];
  for (const version of versions) {
    const program = await world.start({ args, env, denoArgs: version === "this" ? PROGRAM_ARGS : oldArgs });
    servers.push({ program, url: await program.listens() });
  }
  return servers;
}

/** Waits until every server's clock is about `aheadSeconds` ahead of the machine's. */
async function untilClocksAre(aheadSeconds: number, urls: readonly string[]): Promise<void> {
  await eventually(() => "servers that follow the sandbox's clock", async () => {
    const tokens = await Promise.all(urls.map(getAppToken));
    const nowSeconds = REAL_CLOCK.now() / 1_000;
    return tokens.every(({ expires_at, expires_in }) =>
      Math.abs(expires_at - expires_in - nowSeconds - aheadSeconds) < CLOCK_SLACK_SECONDS
    );
  });
}

/** The only value in `values`. */
function agreed<T>(values: readonly T[]): T {
  assert.equal(new Set(values).size, 1);
  return values[0] as T;
}

Deno.test({
  name: "0.1.0 and this version on one store spend no refresh token twice, and agree on every pair",
  ignore: !await hasCodeOf010(),
  fn: spendNothingTwice,
});

async function spendNothingTwice(test: Deno.TestContext): Promise<void> {
  await using old = await unpackCodeOf010();
  await using world = await World.create();
  const servers = await startServers(world, old, ["0.1.0", "this", "0.1.0", "this"]);
  const urls = servers.map(({ url }) => url);
  const random = new SeededRandom(1);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.fraction() * from.length)] as T;
  let calls = 0;
  const presenting = (url: string, token: string): Promise<UserToken> => (calls++, refresh(url, token));

  const report = async (url: string, reported: Record<string, unknown>): Promise<void> => {
    calls++;
    replacementIn(await callTool(url, "report_feishu_token_rejected", reported));
  };

  const logins: Login[] = [];
  for (const generation of GENERATIONS) {
    const newest = await world.feishu.logIn(generation);
    logins.push({ spent: [], newest, accessToken: undefined });
  }

  // Long enough for all who ask at once to find the first one's call still out.
  await world.feishu.fault({ kind: "slow", ms: SLOW_MS, path: "oauth/token|refresh_access_token" });
  let advanced = 0;
  for (const [round, seconds] of ROUNDS.entries()) {
    await world.feishu.advance(seconds);
    advanced += seconds;
    await untilClocksAre(advanced, urls);
    await test.step(`round ${round}, ${seconds} s later`, async () => {
      const appToken = { token: (await getAppToken(pick(urls))).app_access_token, feishu_code: 99991663 };
      calls++;
      const goingOn: Promise<unknown>[] = [];
      for (const { spent, newest, accessToken } of logins) {
        // One process of each version presents the newest refresh token; a third one an old token, or reports.
        const others = [pick([0, 2]), pick([1, 3])];
        goingOn.push(...others.map((index) => presenting(urls[index] ?? "", newest)));
        const url = pick(urls);
        if (accessToken !== undefined && random.fraction() < 0.5) {
          goingOn.push(report(url, { token: accessToken, refresh_token: spent.at(-1) }));
        } else goingOn.push(presenting(url, pick([...spent, newest])));
      }
      goingOn.push(...urls.map((url) => (calls++, getAppToken(url))), report(pick(urls), appToken));
      // 0.1.0 knows no tenant tokens, and must not mind their records.
      goingOn.push(...[1, 3].map((index) => getTenantToken(urls[index] ?? "")));
      await Promise.all(goingOn);

      for (const login of logins) {
        login.spent.push(login.newest);
        const pairs = await Promise.all(urls.map((url) => presenting(url, pick(login.spent))));
        login.newest = agreed(pairs.map(({ refresh_token }) => refresh_token));
        login.accessToken = agreed(pairs.map(({ access_token }) => access_token));
        assert(!login.spent.includes(login.newest));
      }
    });
  }

  assert.equal(calls, CALLS);
  // Each version finds what both have written.
  for (const again of await startServers(world, old, ["0.1.0", "this"])) {
    for (const { spent, newest } of logins) {
      assert.equal((await refresh(again.url, spent[0] ?? "")).refresh_token, newest);
    }
    servers.push(again);
  }
  const presented = await world.feishu.presented();
  assert(presented.length >= ROUNDS.length * logins.length);
  assert.equal(new Set(presented).size, presented.length, "a refresh token was presented twice");
  assert.deepEqual(new Set(await world.feishu.refreshes()), new Set(["accepted"]));
  agreed(await Promise.all(urls.map(async (url) => (await getAppToken(url)).app_access_token)));
  agreed(await Promise.all([1, 3].map((index) => getTenantToken(urls[index] ?? ""))));
  for (const { program } of servers) {
    assert.doesNotMatch(program.stderr, /unreadable|damaged|"level":"error"/);
  }
}
