import assert from "node:assert/strict";
import { CountDown } from "../../../src/cli/login/count_down.ts";
import type { Language } from "../../../src/errors/language.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { MemoryOutput } from "../../support/memory_output.ts";

/** What is shown of waits of `waits` ms on a terminal of so many columns, or on none, for a login with 90 s left. */
async function shown(
  waits: readonly number[],
  columns: number | undefined,
  language: Language = "en",
): Promise<string> {
  const clock = new ManualClock();
  const stderr = new MemoryOutput();
  const platform = { stderr, isTerminal: columns !== undefined, columns: () => columns };
  const countDown = new CountDown({ platform, clock, language });
  const endMs = clock.now() + 90_000;
  for (const ms of waits) {
    const waited = countDown.wait(ms, endMs, new AbortController().signal);
    for (let left = ms; left > 0; left -= 1_000) {
      await clock.untilSleeping(1);
      clock.pass(1_000);
    }
    await waited;
  }
  countDown.clear();
  return stderr.text;
}

Deno.test("CountDown counts every second on a terminal, and leaves an empty line", async () => {
  const [first, second] = ["Waiting for the person, 1:30 left ", "Waiting for the person, 1:29 left "];
  assert.equal(await shown([2_000], 80), `\r${first}\r${second}\r${" ".repeat(34)}\r`);
});

Deno.test("CountDown removes a line of wide characters as wide as it is", async () => {
  assert.equal(await shown([1_000], 80, "zh"), `\r等待授权，剩余 1:30 \r${" ".repeat(20)}\r`);
});

Deno.test("CountDown shows the time alone when the terminal has no room for more", async () => {
  assert.equal(await shown([1_000], 20), "\r1:30\r    \r");
});

Deno.test("CountDown writes a line a minute when there is no terminal", async () => {
  assert.equal(
    await shown([10_000, 55_000, 5_000], undefined),
    "Waiting for the person, 2 min left\nWaiting for the person, 1 min left\n",
  );
});

Deno.test("CountDown shows nothing more once the signal has come", async () => {
  const clock = new ManualClock();
  const stderr = new MemoryOutput();
  const countDown = new CountDown({
    platform: { stderr, isTerminal: true, columns: () => 80 },
    clock,
    language: "en",
  });
  const reason = new Error("Stopped");
  await assert.rejects(countDown.wait(1_000, clock.now(), AbortSignal.abort(reason)), reason);
  assert.deepEqual([stderr.text, clock.sleeping], ["", 0]);
});
