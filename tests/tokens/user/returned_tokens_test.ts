import assert from "node:assert/strict";
import type { FeishuAnswer, FeishuPort } from "../../../src/ports/feishu.ts";
import type { UserTokenResult } from "../../../src/ports/tokens.ts";
import { Secret } from "../../../src/secret.ts";
import { failure, type TokenProcess, TokenWorld } from "../../support/token_world.ts";
import { withoutPauses } from "../../support/skipping_clock.ts";

const MINUTE_MS = 60_000;
const LIFE_MS = 120 * MINUTE_MS;
const FIRST = new Secret("ur-made-up-first");

/** A Feishu that names the refresh token which follows on one, and counts what is presented. */
class Upstream {
  readonly #world: TokenWorld;
  readonly #next: (presented: string) => string;
  lifeMs = LIFE_MS;
  isDown = false;
  calls = 0;

  constructor(world: TokenWorld, next: (presented: string) => string) {
    this.#world = world;
    this.#next = next;
  }

  get port(): FeishuPort {
    return {
      ...this.#world.feishu(),
      refreshUserToken: ({ refreshToken }): Promise<FeishuAnswer> => {
        if (this.isDown) {
          const detail = { en: "made up", zh: "虚构" };
          return Promise.resolve({ kind: "unanswered", sent: false, timedOut: false, detail });
        }
        this.calls++;
        const nowMs = this.#world.clock.now();
        return Promise.resolve({
          kind: "issued",
          token: {
            accessToken: new Secret(`u-made-up-${this.calls}`),
            expiresAtMs: nowMs + this.lifeMs,
            lifetimeMs: this.lifeMs,
            refreshToken: new Secret(this.#next(refreshToken.reveal())),
            refreshExpiresAtMs: nowMs + 7 * 24 * 60 * MINUTE_MS,
          },
        });
      },
    };
  }
}

/** Hands back what was presented. */
function handingBack(world: TokenWorld): Upstream {
  return new Upstream(world, (presented) => presented);
}

function refresh(world: TokenWorld, { tokens }: TokenProcess, presented = FIRST): Promise<UserTokenResult> {
  return tokens.refreshUserToken(world.credentials, presented, world.call());
}

Deno.test("a refresh token that Feishu hands back is presented again once its access token has ended, not before", async () => {
  await using world = await TokenWorld.create();
  const upstream = handingBack(world);
  const process = await world.start({ feishu: upstream.port });
  for (let turn = 1; turn <= 3; turn++) {
    const fresh = await refresh(world, process);
    assert.deepEqual([fresh.replayed, upstream.calls, fresh.warning], [false, turn, undefined]);
    assert.equal(fresh.refreshToken?.reveal(), FIRST.reveal());
    assert.equal(fresh.expiresAtMs - world.clock.now() > 100 * MINUTE_MS, true);
    const again = await refresh(world, process);
    assert.deepEqual([again.accessToken.reveal(), again.replayed], [fresh.accessToken.reveal(), true]);
    world.age(LIFE_MS - MINUTE_MS);
    const late = await refresh(world, process);
    assert.deepEqual([late.accessToken.reveal(), upstream.calls], [fresh.accessToken.reveal(), turn]);
    world.age(31_000);
  }
});

Deno.test("it is presented once for all who ask when its access token has ended, in two processes", async () => {
  await using world = await TokenWorld.create();
  const upstream = handingBack(world);
  const processes = [
    await world.start({ feishu: upstream.port }),
    await world.start({ feishu: upstream.port }),
  ];
  await refresh(world, processes[0]!);
  for (let turn = 2; turn <= 4; turn++) {
    world.age(LIFE_MS);
    const pairs = await Promise.all(
      processes.flatMap((process) => Array.from({ length: 10 }, () => refresh(world, process))),
    );
    assert.equal(new Set(pairs.map(({ accessToken }) => accessToken.reveal())).size, 1);
    assert.equal(upstream.calls, turn);
  }
});

Deno.test("a report of its access token is answered with that, and never in words that are not so", async () => {
  await using world = await TokenWorld.create();
  const upstream = handingBack(world);
  const process = await world.start({ feishu: upstream.port });
  const { accessToken } = await refresh(world, process);
  const rejected = { accessToken, refreshToken: FIRST };
  for (const agoMs of [0, 2 * MINUTE_MS]) {
    world.age(agoMs);
    const { isSame, warning } = await process.tokens.replaceRejected(
      world.credentials,
      rejected,
      world.call(),
    );
    assert.deepEqual([isSame, warning?.code], [true, "same_token_returned"]);
    assert.equal(warning?.message.includes("less than a minute ago"), agoMs === 0);
    assert((warning?.detail.retryAfterMs ?? 1) > 0);
  }
});

Deno.test("it is at the end of a chain too", async () => {
  await using world = await TokenWorld.create();
  const upstream = new Upstream(world, (presented) => presented === FIRST.reveal() ? "ur-second" : presented);
  const process = await world.start({ feishu: upstream.port });
  for (let turn = 1; turn <= 4; turn++) {
    const { refreshToken, replayed } = await refresh(world, process);
    assert.deepEqual([refreshToken?.reveal(), replayed, upstream.calls], ["ur-second", false, turn]);
    world.age(LIFE_MS);
  }
});

Deno.test("an access token that has ended is never answered, though no other can be had", async () => {
  await using world = await TokenWorld.create();
  const upstream = handingBack(world);
  const process = await world.start({ clock: withoutPauses(world), feishu: upstream.port });
  await refresh(world, process);
  world.age(LIFE_MS - 29_000);
  upstream.isDown = true;
  assert.equal((await failure(refresh(world, process))).code, "feishu_unavailable");
  upstream.isDown = false;
  world.age(MINUTE_MS);
  assert.equal((await refresh(world, process)).replayed, false);
});

Deno.test("refresh tokens that lead back to the first end in an error that says what to do", async () => {
  await using world = await TokenWorld.create();
  const upstream = new Upstream(
    world,
    (presented) => presented === FIRST.reveal() ? "ur-second" : FIRST.reveal(),
  );
  const process = await world.start({ feishu: upstream.port });
  for (let turn = 1; turn <= 3; turn++) {
    assert.equal((await refresh(world, process)).replayed, false);
    await process.tokens.drain();
    world.age(LIFE_MS);
  }
  for (const presented of [FIRST, new Secret("ur-second")]) {
    const error = await failure(refresh(world, process, presented));
    assert.equal(error.code, "refresh_tokens_in_circle");
    assert.match(error.sentence(), /authorize the app again/);
  }
  assert.equal(upstream.calls, 3);
});

Deno.test("a pair that ends in less than half a minute comes with a warning", async () => {
  await using world = await TokenWorld.create();
  const upstream = new Upstream(world, (presented) => `${presented}+`);
  upstream.lifeMs = 29_000;
  const process = await world.start({ feishu: upstream.port });
  const { warning } = await refresh(world, process);
  assert.equal(warning?.code, "token_ends_soon");
  upstream.lifeMs = LIFE_MS;
  assert.equal((await refresh(world, process)).warning, undefined);
});
