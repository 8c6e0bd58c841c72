import assert from "node:assert/strict";
import { WrongKeys } from "../../src/callers/wrong_keys.ts";
import { ManualClock } from "../support/manual_clock.ts";

const ADDRESS = "192.0.2.7";
const NEVER = new AbortController().signal;

/** How long the answer to the next wrong key waits, in milliseconds. */
async function pauseOf(wrongKeys: WrongKeys, clock: ManualClock, address = ADDRESS): Promise<number> {
  const startedMs = clock.monotonic();
  let isOver = false;
  const paused = wrongKeys.pause(address, NEVER).then(() => isOver = true);
  await Promise.resolve();
  while (clock.sleeping > 0) clock.pass(50);
  await paused;
  assert.ok(isOver);
  return clock.monotonic() - startedMs;
}

async function pausesOf(count: number, wrongKeys: WrongKeys, clock: ManualClock): Promise<number[]> {
  const pauses: number[] = [];
  for (let key = 0; key < count; key++) pauses.push(await pauseOf(wrongKeys, clock));
  return pauses;
}

Deno.test("WrongKeys answers three wrong keys at once, and the next ones later and later", async () => {
  const clock = new ManualClock();
  const wrongKeys = new WrongKeys({ clock });
  assert.deepEqual(await pausesOf(10, wrongKeys, clock), [0, 0, 0, 250, 500, 1000, 2000, 4000, 4000, 4000]);
});

Deno.test("WrongKeys begins anew when no wrong key has come for a minute", async () => {
  const clock = new ManualClock();
  const wrongKeys = new WrongKeys({ clock });
  await pausesOf(6, wrongKeys, clock);
  // The last of them came before its pause of a second.
  clock.pass(58_999);
  assert.equal(await pauseOf(wrongKeys, clock), 2_000);
  clock.pass(60_000);
  assert.equal(await pauseOf(wrongKeys, clock), 0);
});

Deno.test("WrongKeys counts each address apart, and the addresses of one IPv6 network together", async () => {
  const clock = new ManualClock();
  const wrongKeys = new WrongKeys({ clock });
  await pausesOf(6, wrongKeys, clock);
  assert.equal(await pauseOf(wrongKeys, clock, "192.0.2.8"), 0);
  for (const host of ["1", "2", "3"]) await pauseOf(wrongKeys, clock, `2001:db8::${host}`);
  assert.equal(await pauseOf(wrongKeys, clock, "2001:db8::4"), 250);
  assert.equal(await pauseOf(wrongKeys, clock, "2001:db8:0:1::4"), 0);
});

Deno.test("WrongKeys holds at most ten answers of one address, and a hundred of all", async () => {
  const clock = new ManualClock();
  const wrongKeys = new WrongKeys({ clock });
  const held: Promise<void>[] = [];
  for (let network = 0; network < 20; network++) {
    for (let key = 0; key < 20; key++) held.push(wrongKeys.pause(`192.0.2.${network}`, NEVER));
    assert.equal(clock.sleeping, Math.min(100, (network + 1) * 10));
  }
  clock.pass(4_000);
  await Promise.all(held);
  assert.equal(clock.sleeping, 0);
  const next = wrongKeys.pause("192.0.2.0", NEVER);
  assert.equal(clock.sleeping, 1);
  clock.pass(4_000);
  await next;
});

Deno.test("WrongKeys ends the pause of a caller that has hung up", async () => {
  const clock = new ManualClock();
  const wrongKeys = new WrongKeys({ clock });
  await pausesOf(5, wrongKeys, clock);
  const gone = new AbortController();
  const paused = wrongKeys.pause(ADDRESS, gone.signal);
  assert.equal(clock.sleeping, 1);
  gone.abort(new Error("gone"));
  await paused;
  assert.equal(clock.sleeping, 0);
});

Deno.test("WrongKeys forgets the addresses that were silent longest when there are very many", async () => {
  const clock = new ManualClock();
  const wrongKeys = new WrongKeys({ clock });
  await pausesOf(4, wrongKeys, clock);
  for (let count = 0; count < 1_000; count++) {
    await wrongKeys.pause(`10.0.${count >> 8}.${count & 255}`, NEVER);
  }
  assert.equal(await pauseOf(wrongKeys, clock), 0);
});
