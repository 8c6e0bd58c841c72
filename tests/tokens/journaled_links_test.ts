import assert from "node:assert/strict";
import type { Clock } from "../../src/ports/clock.ts";
import { tokenIn } from "../../src/ports/record_order.ts";
import type { Secret } from "../../src/secret.ts";
import type { CommitFate, SeenCommit } from "../support/interceptable_kv.ts";
import { REAL_CLOCK, type TokenProcess, TokenWorld } from "../support/token_world.ts";

/** A refresh token and the one that a process answers it with. */
async function refresh(world: TokenWorld, { tokens }: TokenProcess, presented: Secret): Promise<string> {
  const { refreshToken } = await tokens.refreshUserToken(world.credentials, presented, world.call());
  assert(refreshToken !== undefined);
  return refreshToken.reveal();
}

async function stored(
  world: TokenWorld,
  { store }: TokenProcess,
  presented: Secret,
): Promise<string | undefined> {
  const { token } = await store.records.read({
    kind: "caller",
    credentials: world.credentials,
    presented,
  });
  return tokenIn(token.value)?.token.refreshToken?.reveal();
}

/** Holds every commit of a pair until it is opened. */
class Gate implements Disposable {
  readonly #opening = Promise.withResolvers<void>();
  readonly #arriving = Promise.withResolvers<void>();
  /** Resolves when a commit waits at it. */
  readonly reached: Promise<void> = this.#arriving.promise;
  /** How many came to it. */
  commits = 0;

  readonly onCommit = async ({ slots }: SeenCommit): Promise<CommitFate> => {
    if (!slots.includes("token")) return "pass";
    this.commits++;
    this.#arriving.resolve();
    await this.#opening.promise;
    return "pass";
  };

  open(): void {
    this.#opening.resolve();
  }

  [Symbol.dispose](): void {
    this.open();
  }
}

Deno.test("refreshUserToken() answers once the pair is in the journal, and stores it beside that", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start();
  using gate = new Gate();
  process.kv.onCommit = gate.onCommit;
  const r1 = await world.login("v2");
  const r2 = await refresh(world, process, r1);
  await gate.reached;
  assert.equal(await stored(world, process, r1), undefined);
  assert.equal(await refresh(world, process, r1), r2);
  gate.open();
  await process.tokens.drain();
  assert.equal(await stored(world, process, r1), r2);
  assert.equal(gate.commits, 1);
  assert.deepEqual(
    world.log.lines.filter(({ level }) => level !== "debug").map(({ event }) => event),
    ["token issued by Feishu"],
  );
});

Deno.test("refreshUserToken() waits for the store where there is no journal", async () => {
  await using world = await TokenWorld.create();
  const process = await world.start({ place: { kind: "memory" } });
  using gate = new Gate();
  process.kv.onCommit = gate.onCommit;
  const r1 = await world.login("v2");
  let isAnswered = false;
  const answered = refresh(world, process, r1).finally(() => isAnswered = true);
  await gate.reached;
  // Whatever could be told without the store has been by then.
  await world.refreshCalls();
  assert.equal(isAnswered, false);
  gate.open();
  assert.equal(await stored(world, process, r1), await answered);
});

Deno.test("refreshUserToken() serves what another process of the machine has journaled, and leaves it to that one to store it", async () => {
  await using world = await TokenWorld.create();
  const [goOn, pausing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const clock: Clock = {
    now: () => world.clock.now(),
    monotonic: () => world.clock.monotonic(),
    async sleep(ms, signal): Promise<void> {
      // Between a locked database's tries and the deadlines there is nothing but the pause before it looks whether it must.
      if (ms < 50 || ms > 150) return await REAL_CLOCK.sleep(ms, signal);
      pausing.resolve();
      await goOn.promise;
    },
  };
  const [owner, other] = [await world.start(), await world.start({ clock })];
  using gate = new Gate();
  using none = new Gate();
  owner.kv.onCommit = gate.onCommit;
  other.kv.onCommit = none.onCommit;
  const r1 = await world.login("v2");
  const r2 = await refresh(world, owner, r1);
  assert.equal(await refresh(world, other, r1), r2);
  await pausing.promise;
  gate.open();
  await owner.tokens.drain();
  goOn.resolve();
  await other.tokens.drain();
  assert.equal(await stored(world, other, r1), r2);
  assert.deepEqual([gate.commits, none.commits], [1, 0]);
  assert.deepEqual(
    world.log.lines.filter(({ level }) => level !== "debug").map(({ event }) => event),
    ["token issued by Feishu"],
  );
});

Deno.test("refreshUserToken() stores what another process of the machine has journaled and, being killed, did not store", async () => {
  await using world = await TokenWorld.create();
  const [owner, other] = [await world.start(), await world.start()];
  using gate = new Gate();
  owner.kv.onCommit = gate.onCommit;
  const r1 = await world.login("v2");
  const r2 = await refresh(world, owner, r1);
  await gate.reached;
  owner.kill();
  gate.open();
  assert.equal(await refresh(world, other, r1), r2);
  await other.tokens.drain();
  assert.equal(await stored(world, other, r1), r2);
  world.log.only("stored what another process had noted");
  assert.equal((await world.refreshCalls()).length, 1);
});
