import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { type Platform, realPlatform } from "../../src/platform.ts";
import { endingWithParent } from "../../tools/ending_with_parent.ts";

/** How often the handler is called when the events come in their order. */
async function calls(...events: readonly ("signal" | "parent gone")[]): Promise<number> {
  const stdin = new PassThrough();
  let signal = (): void => {};
  let count = 0;
  const platform: Platform = {
    ...realPlatform(),
    stdin,
    onSignal(handler): () => void {
      signal = handler;
      return () => {};
    },
  };
  const end = endingWithParent(platform).onSignal(() => count++);
  for (const event of events) {
    if (event === "signal") signal();
    else {
      stdin.end();
      await new Promise((resolve) => stdin.once("close", resolve));
    }
  }
  end();
  return count;
}

Deno.test("endingWithParent() takes the end of a parent for a signal", async () => {
  assert.equal(await calls("parent gone"), 1);
});

Deno.test("endingWithParent() takes the end of a parent that has passed a signal on for no second one", async () => {
  assert.equal(await calls("signal", "parent gone"), 1);
});

Deno.test("endingWithParent() passes a second signal on", async () => {
  assert.equal(await calls("signal", "signal"), 2);
});
