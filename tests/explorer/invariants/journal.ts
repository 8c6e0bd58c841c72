import { renewedBy } from "../known_pairs.ts";
import type { ServerProcess } from "../server_process.ts";
import type { PlainOperation } from "../store_view.ts";
import type { World } from "../world.ts";

/** Promise 3. A pair that a process has got from Feishu is in the journal before its first commit is issued. */
export function journalsBeforeCommitting(
  world: World,
  process: ServerProcess,
  { kind, sets: { token } }: PlainOperation,
): string | undefined {
  const pair = token?.pair ?? null;
  if (kind !== "commit" || pair === null || process.machine.folder === null) return undefined;
  const isItsOwn = renewedBy(world, process).includes(pair) ||
    world.callers.actions.some((each) => each.process === process && each.pair === pair);
  if (!isItsOwn || world.history.stored.has(pair) || world.history.noted.has(pair)) return undefined;
  if (process.machine.notes().some((note) => note.pair.pair === pair)) return undefined;
  const hasFailed = process.log.lines.some(({ event }) => event === "journal not written");
  return hasFailed ? undefined : `${process.label} commits ${pair}, which is not in the journal`;
}

/** Promise 3. A pair leaves the journal only after the store has held it or a newer one, or after its logout. */
export function clearsOnlyWhatWasStored(world: World): string | undefined {
  const { history } = world;
  for (const machine of world.machines) {
    const notes = machine.notes();
    const gone = (history.notes.get(machine.name) ?? []).filter((note) =>
      !notes.some(({ pair, record }) => record === note.record && pair.pair === note.pair.pair)
    );
    history.notes.set(machine.name, notes);
    for (const { pair } of notes) {
      history.learn(pair);
      if (pair.pair !== null) history.noted.set(pair.pair, machine.name);
    }
    for (const { record, pair } of gone) {
      const isStored = pair.pair === null || history.stored.has(pair.pair) || history.isLoggedOut(pair.pair);
      if (!isStored && !history.hasHeldNewer(record, pair)) {
        return `${pair.pair} has left the journal of ${machine.name} and was never stored`;
      }
    }
  }
  return undefined;
}
