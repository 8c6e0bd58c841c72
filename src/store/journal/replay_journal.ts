import { errorClass } from "../../errors/error_class.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { isBeforeLogout, isRival, isTombstone, leavesGap, replaces } from "../../ports/record_order.ts";
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
const ROUNDS = 10;

/** What {@linkcode replayJournal} needs. */
export interface ReplayOptions {
  /** Read whole. */
  readonly journal: JournalFolder;
  /** The database that the pairs go to. */
  readonly kv: AtomicKv;
  /** Opens what orders them. */
  readonly keyring: Keyring;
  /** Tells how long a pair is still kept. */
  readonly clock: Clock;
  /** Told of files that stay. */
  readonly log: Log;
}

/**
 * Writes every pair of the journal that is newer than what the store holds, and forgets the rest. The sealed values are
 * moved as they are: no app secret and no refresh token is needed. What cannot be decided stays in the journal.
 * Needs no lease: the check on the token and the order of generations decide.
 *
 * @returns what came of it.
 * @throws TokenError `store_unavailable` when the journal's folder cannot be read.
 */
export async function replayJournal(options: ReplayOptions): Promise<Replayed> {
  const { journal, keyring, log } = options;
  const keys = keyring.shared;
  // Where every app brings its own key, the journal opens when that app is next asked for.
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

/** What a replay has done. */
export interface Replayed {
  /** How many pairs were written. */
  readonly written: number;
  /** The files of pairs that no database takes: they stay until their pairs end. */
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
  // The store was replaced, or the journal came from elsewhere: written here, nobody would find the pair.
  if (entry.store !== await keys.storeId()) return "it belongs to another store";
  const noted = await openHead(entry.place, keys, entry.value);
  if (isTombstone(noted)) return "older";
  if (sizeOf(entry.value) > MOST_VALUE_BYTES) {
    return (noted.keepUntilMs ?? Infinity) <= clock.now() ? "ended" : "too large";
  }
  const key = slotKey("token", entry.place);
  for (let round = 0; round < ROUNDS; round++) {
    const [stored] = await kv.getMany([key]);
    const versionstamp = stored?.versionstamp ?? null;
    const current = versionstamp === null ? null : await openHead(entry.place, keys, stored?.value);
    const rotatesInPlace = entry.place.kind === "grant";
    if (isBeforeLogout(noted, { value: current, version: versionstamp })) return "older";
    // The engine places a login, files a second pair of one presentation as the spare, and heals a store that went back.
    if (rotatesInPlace && (noted.isLogin === true || isRival(noted, current))) return "left";
    if (!replaces(noted, current)) return "older";
    if (rotatesInPlace && leavesGap(noted, current)) return "left";
    const outcome = await kv.commit({
      checks: [{ key, versionstamp }],
      sets: [{ key, value: entry.value, ...expiryAt(noted.keepUntilMs, clock.now()) }],
      deadlineMs: REPLAY_DEADLINE_MS,
    });
    if (outcome.kind === "ok") return "written";
  }
  return "no clear answer of the store";
}
