import assert from "node:assert/strict";
import { Feishu } from "../../bench/keep_alive/feishu.ts";
import {
  type KeepAliveFigures,
  keepAliveFigures,
  mostWithin,
  type SeenRenewal,
} from "../../bench/keep_alive/keep_alive_figures.ts";
import { keepAliveProblems } from "../../bench/keep_alive/keep_alive_problems.ts";
import { openIdOf } from "../../bench/keep_alive/log_in.ts";
import { GrantIndex, INDEX_VALUES } from "../../src/tokens/grants/grant_index.ts";
import { fastClock } from "../support/fast_clock.ts";
import { decide, finishLogin, localCall, startLogin } from "../support/login_world.ts";
import { REAL_CLOCK, type TokenProcess, TokenWorld } from "../support/token_world.ts";

const GRANTS = 100;
const DAYS = 8;
const DAY_MS = 86_400_000;
const SPEED = 5;
const LOOK_EVERY_MS = 1_000;
/**
 * All processes are this one, whose time goes five times as fast: where it is held up for 0.4 s, two seconds' calls come at
 * once. Without a pace seventy would.
 */
const LATE_CALLS = 16;

/** How many grants are due now. */
async function due(world: TokenWorld, { store }: TokenProcess): Promise<number> {
  const values = store.sealedValues(INDEX_VALUES);
  assert.notEqual(values, null);
  return values === null ? NaN : (await new GrantIndex(values).due(world.clock.now())).length;
}

Deno.test("three processes keep 100 logins alive for 8 days, each renewed once a period, at the pace of one app", async () => {
  await using world = await TokenWorld.create(fastClock(REAL_CLOCK, SPEED));
  const processes = [await world.start(), await world.start(), await world.start()] as const;
  for (let number = 0; number < GRANTS; number++) {
    const [process = processes[0]] = processes.slice(number % processes.length);
    const started = await startLogin(world, process, { user: openIdOf(number) });
    await decide(world, started, { user: `person ${number + 1}` });
    await world.until(async () => (await finishLogin(world, process, started)).kind === "done");
  }
  for (const process of processes) process.work();
  const feishu = new Feishu(world.sandbox.url);
  const renewals: SeenRenewal[] = [];
  for (let day = 0; day < DAYS; day++) {
    world.age(DAY_MS);
    // Each look reads every entry, in the very process that renews: so not as often as it could.
    while (await due(world, processes[0]) > 0) await world.clock.sleep(LOOK_EVERY_MS);
    renewals.push(...await feishu.newRenewals());
  }
  const figures = keepAliveFigures(await feishu.grants(), renewals, await feishu.nowSeconds());
  assert.deepEqual(keepAliveProblems(figures, 1, LATE_CALLS), [], JSON.stringify(figures));
  assert.equal(figures.grants, GRANTS);
  assert(figures.fewest >= 1 && figures.most <= 2, JSON.stringify(figures));
  const kept = await processes[1].logins.list(world.credentials, localCall(world));
  assert.equal(kept.filter(({ needsLogin }) => !needsLogin).length, GRANTS);
});

const GRANT = { authorizedAtSeconds: 0, tokens: [{ hash: "a", endsAtSeconds: 604_800 }] };
const SOUND: KeepAliveFigures = keepAliveFigures([GRANT], [], 3 * 86_400);

Deno.test.each([
  [{ lapsed: 2 }, "2 grants have lapsed"],
  [{ refused: 1 }, "1 presentations brought no pair"],
  [{ repeats: 1 }, "1 tokens were presented twice"],
  [{ shortestDays: 1.5 }, "a grant was renewed after 1.50 days"],
  [{ longestDays: 5.5 }, "a grant was renewed only after 5.50 days"],
  [{ mostInSecond: 16 }, "16 presentations within a second"],
  [{ mostInMinute: 501 }, "501 presentations within a minute"],
])("keepAliveProblems() tells of %j", (wrong: Partial<KeepAliveFigures>, problem) => {
  assert.deepEqual(keepAliveProblems(SOUND, 1), []);
  assert.deepEqual(keepAliveProblems({ ...SOUND, ...wrong }, 1), [problem]);
});

Deno.test("keepAliveFigures() counts lapsed grants, repeats, and the days between renewals", () => {
  const renewal = { presented: "a", isIssued: true, atMs: 0, atSeconds: 3.5 * 86_400 };
  const tokens = [...GRANT.tokens, { hash: "b", endsAtSeconds: 10.5 * 86_400 }];
  const figures = keepAliveFigures(
    [{ ...GRANT, tokens }, { ...GRANT, tokens: [{ hash: "c", endsAtSeconds: 604_800 }] }],
    [renewal, { ...renewal, isIssued: false, atMs: 500 }],
    8 * 86_400,
  );
  assert.deepEqual([figures.lapsed, figures.repeats, figures.refused], [1, 1, 1]);
  assert.deepEqual([figures.fewest, figures.most, figures.shortestDays, figures.longestDays], [
    0,
    1,
    3.5,
    3.5,
  ]);
  assert.deepEqual([figures.mostInSecond, figures.mostInMinute], [2, 2]);
});

Deno.test("mostWithin() counts what lies within less than the length", () => {
  assert.deepEqual([mostWithin([], 10), mostWithin([0, 10], 10), mostWithin([0, 9, 10, 12, 30], 10)], [
    0,
    1,
    3,
  ]);
});
