import assert from "node:assert/strict";
import type { KeptLogin } from "../../src/ports/logins.ts";
import { localCall, logIn } from "../support/login_world.ts";
import { type TokenProcess, TokenWorld } from "../support/token_world.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function refreshes(world: TokenWorld): Promise<number> {
  return (await world.refreshCalls()).filter(({ path }) => path.includes("oauth/token")).length;
}

async function keep(world: TokenWorld, { logins }: TokenProcess): Promise<readonly KeptLogin[]> {
  return (await logins.keep([world.credentials], localCall(world))).renewed;
}

Deno.test("a login that does not open keeps no other from being renewed", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process, { user: "ann" });
  const { kv } = process.kv;
  for await (const { key } of kv.list({ prefix: ["feishu-token", "token", "grant"] })) {
    await kv.set(key, "damaged");
  }
  await logIn(world, process, { user: "bob" }, { another: true });
  const before = await refreshes(world);
  world.age(5 * DAY_MS);
  // Whatever the report says of the one that does not open.
  await keep(world, process).catch(() => {});
  assert.equal(await refreshes(world), before + 1);
});
