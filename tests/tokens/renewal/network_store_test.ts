import assert from "node:assert/strict";
import type { Clock } from "../../../src/ports/clock.ts";
import type { UserTokenResult } from "../../../src/ports/tokens.ts";
import type { StorePlace } from "../../../src/store/files/store_place.ts";
import { Secret } from "../../../src/secret.ts";
import { type DenoKvServer, findDenoKv, startDenoKv } from "../../support/denokv.ts";
import { failure, REAL_CLOCK, type TokenProcess, TokenWorld } from "../../support/token_world.ts";

const DEFAULT_TTL_MS = 300_000;
/** How much faster than it is time goes for the waits of a process, so that its deadlines need not be waited out. */
const HURRY = 10;

const program = await findDenoKv();

/** A process on a database on the network, with a disk of its own, that loses patience ten times as fast. */
function networkTest(
  name: string,
  use: (
    world: TokenWorld,
    server: DenoKvServer,
    start: (machine: string) => Promise<TokenProcess>,
  ) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: program === undefined,
    async fn(): Promise<void> {
      if (program === undefined) return;
      await using world = await TokenWorld.create();
      await using server = await startDenoKv(program, world.folder);
      const serverKey = new Secret(new Uint8Array(32).fill(7).toBase64());
      const place: StorePlace = { kind: "remote", url: server.url };
      const clock: Clock = {
        now: () => world.clock.now(),
        monotonic: () => REAL_CLOCK.monotonic() * HURRY,
        sleep: (ms, signal) => REAL_CLOCK.sleep(ms / HURRY, signal),
      };
      const start = (machine: string): Promise<TokenProcess> =>
        world.start({ place, serverKey, clock, home: `${world.folder}/${machine}` });
      await use(world, server, start);
      await world.drain();
    },
  });
}

/** A renewal by `process` that Feishu has received and does not answer yet. */
async function heldAtFeishu(
  world: TokenWorld,
  { tokens }: TokenProcess,
): Promise<{ readonly r1: Secret; readonly answered: Promise<UserTokenResult> }> {
  const r1 = await world.login("v2");
  await world.fault({ kind: "hang", path: "oauth/token", times: 1 });
  const answered = tokens.refreshUserToken(world.credentials, r1, world.call());
  await world.until(async () => (await world.refreshCalls()).length === 1);
  return { r1, answered };
}

networkTest(
  "while the database is gone memory serves, app tokens go on, and refresh tokens are kept back",
  async (world, server, start) => {
    const { tokens, kv } = await start("a");
    const [r1, r2] = [await world.login("v2"), await world.login("v2")];
    const pair = await tokens.refreshUserToken(world.credentials, r1, world.call());
    await server.kill();

    const served = await tokens.refreshUserToken(world.credentials, r1, world.call());
    assert.equal(served.refreshToken?.reveal(), pair.refreshToken?.reveal());
    assert.equal(served.warning?.code, "store_unavailable");
    const { accessToken } = await tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
    assert.match(accessToken.reveal(), /^t-/);
    const error = await failure(tokens.refreshUserToken(world.credentials, r2, world.call()));
    assert.equal(error.code, "store_unavailable");
    assert.equal((await tokens.health()).ok, false);
    assert.equal((await world.refreshCalls()).length, 1);

    await server.restart();
    const recovered = await tokens.refreshUserToken(world.credentials, r2, world.call());
    assert.deepEqual([recovered.replayed, recovered.warning], [false, undefined]);
    assert.equal((await world.refreshCalls()).length, 2);
    await kv.idle();
  },
);

networkTest(
  "a pair that came while the database stood still is handed out, and stored when it goes on",
  async (world, server, start) => {
    const [a, b] = [await start("a"), await start("b")];
    const { r1, answered } = await heldAtFeishu(world, a);
    server.pause();
    await world.clearFaults();
    const pair = await answered;
    // The journal has it.
    assert.equal(pair.warning, undefined);
    server.resume();
    await a.tokens.drain();
    const elsewhere = await b.tokens.refreshUserToken(world.credentials, r1, world.call());
    assert.equal(elsewhere.refreshToken?.reveal(), pair.refreshToken?.reveal());
    assert.equal((await world.refreshCalls()).length, 1);
  },
);

networkTest(
  "a database that is killed in mid-renewal and comes back has the pair, and nobody presents twice",
  async (world, server, start) => {
    const [a, b] = [await start("a"), await start("b")];
    const { r1, answered } = await heldAtFeishu(world, a);
    await server.kill();
    await world.clearFaults();
    const pair = await answered;
    assert.equal(
      (await failure(b.tokens.refreshUserToken(world.credentials, r1, world.call()))).code,
      "store_unavailable",
    );
    await server.restart();
    await a.tokens.drain();
    const elsewhere = await b.tokens.refreshUserToken(world.credentials, r1, world.call());
    assert.equal(elsewhere.refreshToken?.reveal(), pair.refreshToken?.reveal());
    assert.equal((await world.refreshCalls()).length, 1);
    await Promise.all([a.kv.idle(), b.kv.idle()]);
  },
);
