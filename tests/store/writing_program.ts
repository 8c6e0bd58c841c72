/**
 * Adds to one lease of the store at the path given, as often as told, each time by a read and a checked write: a process
 * of its own for tests of several on one file. Prints how many of its writes were refused, lost or thrown.
 */
import { openedStore } from "./opened_store.ts";
import { APP_NAME, lease } from "./samples.ts";

const [path = "", times = "0"] = Deno.args;
const seen = { ok: 0, conflict: 0, unknown: 0, "too large": 0 };
using store = await openedStore({ path });
while (seen.ok < Number(times)) {
  const { lease: current } = await store.records.read(APP_NAME);
  const next = lease({ lifeMs: (current.value?.lifeMs ?? 0) + 1 });
  const outcome = await store.records.write(APP_NAME, {
    check: { lease: current.version },
    set: { lease: next },
    deadlineMs: 10_000,
  });
  seen[outcome.kind]++;
}
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(seen)));
