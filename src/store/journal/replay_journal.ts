import { errorClass } from "../../errors/error_class.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import {
  isBeforeLogout,
  isLoginAbove,
  isRival,
  isTombstone,
  leavesGap,
  replaces,
} from "../../ports/record_order.ts";
import type { JournalEntry } from "./journal_entry.ts";
import type { JournalFolder } from "./journal_folder.ts";
import type { AppKeys, Keyring } from "../sealing/keyring.ts";
import { slotKey } from "../records/keys.ts";
import type { AtomicKv } from "../kv/atomic_kv.ts";
import { MOST_VALUE_BYTES } from "../kv/most_value_bytes.ts";
import { expiryAt } from "../records/retention.ts";
import { openHead } from "../records/stored_value.ts";
import { sizeOf } from "../records/size_of.ts";

const REPLAY_DEADLINE_MS = 5_000;
const REPLAY_ROUNDS = 10;

/**
 * Writes each pair of the journal that is newer than the store's to the store, and removes the file. Files of older
 * pairs are removed too; a file about which the start cannot decide is left in place. The sealed values are moved as
 * they are, so no app secret and no refresh token is needed. No lease is needed either: the check on the token and
 * the order of generations decide.
 *
 * @throws TokenError `store_unavailable` when the journal's folder cannot be read.
 */
export async function replayJournal(options: ReplayOptions): Promise<Replayed> {
  const { journal, keyring, log } = options;
  const keys = keyring.shared;
  // Where each app's secret is its key, its part of the journal opens with the next call for that app.
  const tooLarge: string[] = [];
  if (keys === null) return { written: 0, tooLarge };
  let written = 0;
  for (const file of await journal.all()) {
    try {
      const outcome = await replay(file.entry, keys, options);
      if (outcome === "written") written++;
      if (outcome === "written" || outcome === "older" || outcome === "ended") await journal.remove(file);
      else if (outcome === "too large") tooLarge.push(file.path);
      else if (outcome === "left") {
        log.warn("journal file left for the next look at its record", { path: file.path });
      } else log.error("journal file not replayed, left in place", { path: file.path, reason: outcome });
    } catch (error) {
      log.error("journal file not replayed, left in place", { path: file.path, error: errorClass(error) });
    }
  }
  return { written, tooLarge };
}

/** What {@linkcode replayJournal} needs. */
export interface ReplayOptions {
  /** Read at a start. */
  readonly journal: JournalFolder;
  /** The database that the pairs are written to. */
  readonly kv: AtomicKv;
  /** Opens the part of a value that orders pairs. */
  readonly keyring: Keyring;
  /** Tells which pairs have ended. */
  readonly clock: Clock;
  /** Told of files that are left in place. */
  readonly log: Log;
}

/** What a replay has done. */
export interface Replayed {
  /** How many pairs were written. */
  readonly written: number;
  /** Files of pairs that are too large for any database: they are left in place until their pairs end. */
  readonly tooLarge: readonly string[];
}

type Outcome =
  | "written"
  | "older"
  | "left"
  | "ended"
  | "too large"
  | "no clear answer of the store"
  | "it belongs to another store";

async function replay(entry: JournalEntry, keys: AppKeys, options: ReplayOptions): Promise<Outcome> {
  const { kv, clock } = options;
  // The store was replaced, or the journal is another store's: no record of this store would lead to the pair.
  if (entry.store !== await keys.storeId()) return "it belongs to another store";
  const journaled = await openHead(entry.place, keys, entry.value);
  if (isTombstone(journaled)) return "older";
  if (sizeOf(entry.value) > MOST_VALUE_BYTES) {
    return (journaled.keepUntilMs ?? Infinity) <= clock.now() ? "ended" : "too large";
  }
  const key = slotKey("token", entry.place);
  for (let round = 0; round < REPLAY_ROUNDS; round++) {
    const [stored] = await kv.getMany([key]);
    const versionstamp = stored?.versionstamp ?? null;
    const current = versionstamp === null ? null : await openHead(entry.place, keys, stored?.value);
    const rotatesInPlace = entry.place.kind === "grant";
    if (isBeforeLogout(journaled, { value: current, version: versionstamp })) return "older";
    // The engine places a login, files a second pair of one presentation as the spare, and heals a store that went back.
    if (journaled.isLogin === true) return isLoginAbove(journaled, current) ? "left" : "older";
    if (rotatesInPlace && isRival(journaled, current)) return "left";
    if (!replaces(journaled, current)) return "older";
    if (rotatesInPlace && leavesGap(journaled, current)) return "left";
    const outcome = await kv.commit({
      checks: [{ key, versionstamp }],
      sets: [{ key, value: entry.value, ...expiryAt(journaled.keepUntilMs, clock.now()) }],
      deadlineMs: REPLAY_DEADLINE_MS,
    });
    if (outcome.kind === "ok") return "written";
  }
  return "no clear answer of the store";
}
