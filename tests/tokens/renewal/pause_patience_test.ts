import assert from "node:assert/strict";
import type { FeishuPort } from "../../../src/ports/feishu.ts";
import { type SkippingClock, skippingClock } from "../../support/skipping_clock.ts";
import { failure, type TokenProcess, TokenWorld } from "../../support/token_world.ts";

const CAUSE = { en: "a page of a gateway", zh: "网关的页面" };
const PATIENCE_MS = 10_000;
/** Longer than any wait for the store, and shorter than any for Feishu: what is slept so long is a pause. */
const PAUSE_MS = { least: 5_001, most: 9_999 };

/** A Feishu that asks every caller to wait so long. */
function pausing(world: TokenWorld, retryAfterMs: number): FeishuPort {
  return {
    ...world.feishu(),
    issueAppToken: () =>
      Promise.resolve({
        kind: "refused",
        refusal: {
          verdict: "transient",
          mayHaveConsumed: false,
          errorCode: "feishu_unavailable",
          httpStatus: 503,
          detail: CAUSE,
          retryAfterMs,
        },
      }),
  };
}

/** The world's time, in which such a pause passes at once. */
function withPauses(world: TokenWorld, afterPause?: () => Promise<void>): SkippingClock {
  return skippingClock(world, PAUSE_MS, afterPause);
}

async function fail(world: TokenWorld, { tokens }: TokenProcess): Promise<void> {
  await failure(tokens.appToken(world.credentials, 0, world.call()));
}

Deno.test("a process with patience waits out the pause that another process keeps, and tries then", async () => {
  await using world = await TokenWorld.create();
  await fail(world, await world.start({ feishu: pausing(world, 7_000) }));
  const clock = withPauses(world);
  const { tokens } = await world.start({ clock, pausePatienceMs: PATIENCE_MS });
  const { accessToken } = await tokens.appToken(world.credentials, 0, world.call());
  assert.equal(await world.apiCode("app", accessToken), 0);
  assert.equal(clock.skippedMs.length, 1);
});

Deno.test("a process without patience does not wait for such a pause", async () => {
  await using world = await TokenWorld.create();
  await fail(world, await world.start({ feishu: pausing(world, 7_000) }));
  const clock = withPauses(world);
  const { tokens } = await world.start({ clock });
  const error = await failure(tokens.appToken(world.credentials, 0, world.call()));
  assert.deepEqual([error.code, clock.skippedMs], ["feishu_unavailable", []]);
});

Deno.test("a process with patience tells the cause that another one met, and the rest, when a pause is too long", async () => {
  await using world = await TokenWorld.create();
  await fail(world, await world.start({ feishu: pausing(world, 30_000) }));
  const clock = withPauses(world);
  const { tokens } = await world.start({ clock, pausePatienceMs: PATIENCE_MS });
  const { code, detail } = await failure(tokens.appToken(world.credentials, 0, world.call()));
  assert.deepEqual([code, detail.detail, clock.skippedMs], ["feishu_unavailable", CAUSE, []]);
  assert(detail.retryAfterMs !== undefined && detail.retryAfterMs > 20_000 && detail.retryAfterMs <= 30_000);
  assert.deepEqual(await world.appCalls(), []);
});

Deno.test("a process with patience waits no longer in all when one pause follows another", async () => {
  await using world = await TokenWorld.create();
  const other = await world.start({ feishu: pausing(world, 7_000) });
  await fail(world, other);
  const clock = withPauses(world, () => fail(world, other));
  const { tokens } = await world.start({ clock, pausePatienceMs: PATIENCE_MS });
  const { code } = await failure(tokens.appToken(world.credentials, 0, world.call()));
  assert.equal(code, "feishu_unavailable");
  assert.equal(clock.skippedMs.length, 1);
  assert.deepEqual(await world.appCalls(), []);
});
