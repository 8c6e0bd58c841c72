import { decide, localCall, logIn, startLogin } from "../support/login_world.ts";
import { type TokenProcess, TokenWorld } from "../support/token_world.ts";

const DAY_MS = 24 * 3_600_000;

async function isLoggedIn(world: TokenWorld, { logins }: TokenProcess): Promise<boolean> {
  return (await logins.list(world.credentials, localCall(world))).length === 1;
}

Deno.test("a login is finished although nobody asks and the process that started it has died", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  const started = await startLogin(world, process);
  process.kill();
  await decide(world, started);
  const next = await world.start();
  next.work();
  await world.until(() => isLoggedIn(world, next));
});

Deno.test("a login whose process lives and does nothing is taken over", async () => {
  await using world = await TokenWorld.create();
  const idle = await world.start();
  const started = await startLogin(world, idle);
  const next = await world.start();
  next.work();
  await decide(world, started);
  world.age(30_000);
  await world.until(() => isLoggedIn(world, next));
});

Deno.test("woke_up_late: what is due after a sleep of days is renewed at once, without anyone asking", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  await logIn(world, process);
  const before = (await world.refreshCalls()).length;
  process.work();
  world.age(6.9 * DAY_MS);
  await world.until(async () => (await world.refreshCalls()).length === before + 1);
});
