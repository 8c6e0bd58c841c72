import type { Clock } from "../../src/ports/clock.ts";
import { Secret } from "../../src/secret.ts";
import { type OpenStore, openStore, type StoreOptions } from "../../src/store/open_store.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { TEST_RANDOM } from "../support/test_random.ts";
import { REAL_CLOCK } from "../support/token_world.ts";

/** The date of the samples, and real waiting: another handle on the same file may hold a lock for a moment. */
const CLOCK: Clock = { ...REAL_CLOCK, now: () => Date.UTC(2026, 0, 2, 3, 4, 5) };

/** What a test says of a store; the rest is ordinary. */
export interface OpenedStoreOptions {
  /** File of the store; without it the store is in memory. */
  readonly path?: string;
  readonly ownFolder?: boolean;
  /** `FEISHU_TOKEN_KEY`. */
  readonly key?: string;
  readonly log?: RecordingLog;
  readonly openKv?: StoreOptions["openKv"];
}

/** Opens a store that is closed at the end of the block. */
export async function openedStore(
  options: OpenedStoreOptions = {},
): Promise<OpenStore & Disposable> {
  const { path, key, ownFolder } = options;
  const store = await openStore({
    place: path === undefined
      ? { kind: "memory" }
      : { kind: "file", path, ...(ownFolder === undefined ? {} : { ownFolder }) },
    serverKey: key === undefined ? undefined : new Secret(key),
    openKv: options.openKv ?? ((place) => Deno.openKv(place)),
    os: Deno.build.os,
    env: () => undefined,
    clock: CLOCK,
    random: TEST_RANDOM,
    log: options.log ?? new RecordingLog(),
  });
  return { ...store, [Symbol.dispose]: () => store.close() };
}
