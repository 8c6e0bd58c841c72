import assert from "node:assert/strict";
import { followSandboxClock } from "../../src/sandbox/follow_sandbox_clock.ts";
import { OffsetClock } from "../../src/sandbox/offset_clock.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { ListeningSandbox } from "./served_sandbox.ts";

/** A clock of "another process" that follows a sandbox. */
class Follower {
  readonly base = new ManualClock();
  readonly clock = new OffsetClock(this.base);
  readonly errors: unknown[] = [];
  readonly #stop = new AbortController();
  #stopped: Promise<void> = Promise.resolve();

  async follow(url: string, send: typeof fetch = fetch): Promise<void> {
    const following = await followSandboxClock({
      url,
      clock: this.clock,
      fetch: send,
      signal: this.#stop.signal,
      onError: (error) => this.errors.push(error),
    });
    this.#stopped = following.stopped;
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error("end of test"));
    await this.#stopped;
  }
}

Deno.test("followSandboxClock() takes the offset over at the start", async () => {
  await using sandbox = await ListeningSandbox.start();
  sandbox.clock.advance(-5_500);
  const follower = new Follower();
  await follower.follow(sandbox.url);
  assert.equal(follower.clock.offsetMs, -5_500);
  await follower.stop();
});

Deno.test("followSandboxClock() has every move applied when POST /_sandbox/clock answers", async () => {
  await using sandbox = await ListeningSandbox.start();
  const followers = [new Follower(), new Follower()];
  for (const follower of followers) await follower.follow(sandbox.url);
  await sandbox.base.untilSleeping(2);
  for (const expectedMs of [60_000, 120_000, 180_000]) {
    await sandbox.send("POST", "/_sandbox/clock", { advance_seconds: 60 });
    assert.deepEqual(followers.map(({ clock }) => clock.offsetMs), [expectedMs, expectedMs]);
  }
  for (const follower of followers) await follower.stop();
});

Deno.test("followSandboxClock() goes back to zero when the sandbox is reset", async () => {
  await using sandbox = await ListeningSandbox.start();
  sandbox.clock.advance(1_000);
  const follower = new Follower();
  await follower.follow(sandbox.url);
  await sandbox.base.untilSleeping(1);
  await sandbox.send("POST", "/_sandbox/reset");
  assert.equal(follower.clock.offsetMs, 0);
  await follower.stop();
});

Deno.test("followSandboxClock() asks again when a poll ran out", async () => {
  await using sandbox = await ListeningSandbox.start();
  const follower = new Follower();
  await follower.follow(sandbox.url);
  await sandbox.base.untilSleeping(1);
  sandbox.base.pass(25_000);
  await sandbox.base.untilSleeping(1);
  await sandbox.send("POST", "/_sandbox/clock", { advance_seconds: 7 });
  assert.equal(follower.clock.offsetMs, 7_000);
  await follower.stop();
});

Deno.test("followSandboxClock() rejects when there is no sandbox", async () => {
  const sandbox = await ListeningSandbox.start();
  await sandbox.close();
  const follower = new Follower();
  await assert.rejects(follower.follow(sandbox.url), TypeError);
  assert.equal(follower.base.sleeping, 0);
});

Deno.test("followSandboxClock() reports a failure, pauses, and reads the clock anew", async () => {
  await using sandbox = await ListeningSandbox.start();
  const asked: string[] = [];
  const follower = new Follower();
  await follower.follow(sandbox.url, (input, init) => {
    asked.push(new URL(String(input)).search);
    return asked.length === 2 ? Promise.reject(new TypeError("cut")) : fetch(input, init);
  });
  await follower.base.untilSleeping(1);
  sandbox.clock.advance(3_000);
  follower.base.pass(1_000);
  await sandbox.base.untilSleeping(1);
  assert.deepEqual(asked, ["", "?after=0", "", "?after=1"]);
  assert.equal(follower.errors.length, 1);
  assert.equal(follower.clock.offsetMs, 3_000);
  await follower.stop();
});

Deno.test("followSandboxClock() gives up on a poll that is not answered in 35 s", async () => {
  await using sandbox = await ListeningSandbox.start();
  const follower = new Follower();
  await follower.follow(sandbox.url);
  await sandbox.base.untilSleeping(1);
  follower.base.pass(35_000);
  await follower.base.untilSleeping(1);
  assert.match(String(follower.errors[0]), /no answer in time/);
  await follower.stop();
});

Deno.test("followSandboxClock() leaves nothing behind and reports nothing when it is stopped", async () => {
  await using sandbox = await ListeningSandbox.start();
  const follower = new Follower();
  await follower.follow(sandbox.url);
  await sandbox.base.untilSleeping(1);
  await follower.stop();
  assert.deepEqual(follower.errors, []);
  assert.equal(follower.base.sleeping, 0);
});
