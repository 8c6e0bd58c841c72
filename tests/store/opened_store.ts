import type { Clock } from "../../src/ports/clock.ts";
import { Secret } from "../../src/secret.ts";
import { type OpenStore, openStore, type StoreOptions } from "../../src/store/open_store.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { TEST_RANDOM } from "../support/test_random.ts";
import { REAL_CLOCK } from "../support/token_world.ts";

/** A store that is closed at the end of the block. */
export interface OpenedStore extends OpenStore, Disposable {
  /** Moves its monotonic clock on. */
  pass(ms: number): void;
}

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

/** Opens a store on the date of the samples. Its waits are real: another handle may hold a lock on the file for a moment. */
export async function openedStore(options: OpenedStoreOptions = {}): Promise<OpenedStore> {
  const { path, key, ownFolder } = options;
  let passedMs = 0;
  const clock: Clock = {
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5),
    monotonic: () => REAL_CLOCK.monotonic() + passedMs,
    sleep: (ms, signal) => REAL_CLOCK.sleep(ms, signal),
  };
  const store = await openStore({
    place: path === undefined
      ? { kind: "memory" }
      : { kind: "file", path, ...(ownFolder === undefined ? {} : { ownFolder }) },
    serverKey: key === undefined ? undefined : new Secret(key),
    openKv: options.openKv ?? ((place) => Deno.openKv(place)),
    os: Deno.build.os,
    env: () => undefined,
    clock,
    random: TEST_RANDOM,
    log: options.log ?? new RecordingLog(),
  });
  return { ...store, pass: (ms) => void (passedMs += ms), [Symbol.dispose]: () => store.close() };
}
