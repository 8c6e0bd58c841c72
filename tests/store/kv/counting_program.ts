/**
 * Counts up one lease of the store at the path given, each time by a read and a checked write: so many times as each line
 * of standard input says, answering each with a line. A process of its own for tests of files that are deleted. It fails
 * when its store cannot be read for ten seconds, as where the folder is gone.
 */
import { openedStore } from "../opened_store.ts";
import { APP_NAME, lease } from "../samples.ts";

const TRY_AGAIN_MS = 5;
const TRIES = 2_000;

const [path = ""] = Deno.args;
using store = await openedStore({ path });
let failures = 0;

async function countUp(): Promise<boolean> {
  const snapshot = await store.records.read(APP_NAME).catch(async (error: unknown) => {
    // Its file was just being replaced.
    if (++failures === TRIES) throw error;
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    return null;
  });
  if (snapshot === null) return false;
  failures = 0;
  const { lease: current } = snapshot;
  const outcome = await store.records.write(APP_NAME, {
    check: { lease: current.version },
    set: { lease: lease({ lifeMs: (current.value?.lifeMs ?? 0) + 1 }) },
    deadlineMs: 10_000,
  });
  return outcome.kind === "ok";
}

const encoder = new TextEncoder();
await Deno.stdout.write(encoder.encode("ready\n"));
for await (const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  for (let left = Number(line); left > 0;) if (await countUp()) left--;
  await Deno.stdout.write(encoder.encode("done\n"));
}
