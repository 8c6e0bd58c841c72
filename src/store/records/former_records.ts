import { isTombstone } from "../../ports/record_order.ts";
import type { Fingerprints, Lease, RecordName, Snapshot, Status, TokenRecord } from "../../ports/store.ts";
import type { Secret } from "../../secret.ts";
import type { KvCheck } from "../kv/atomic_kv.ts";
import type { Keyring } from "../sealing/keyring.ts";
import { keyedFingerprints } from "../sealing/keyed_fingerprints.ts";
import { placesOf, slotKey, SLOTS } from "./keys.ts";

/**
 * The records of a store from before it was given a server key: each was named and sealed by its app's secret. A record
 * is moved when it is first read while that secret is at hand.
 */
export class FormerRecords {
  readonly #options: FormerRecordsOptions;

  /** On one store. */
  constructor(options: FormerRecordsOptions) {
    this.#options = options;
  }

  /**
   * What the store has of a record under its former name, with the fingerprints of the server key; `null` where it has
   * nothing, or the app's secret is not at hand.
   *
   * @throws TokenError `store_unavailable` or `store_unreadable`.
   */
  async find(name: RecordName): Promise<FormerRecord | null> {
    const { read, former, keyring } = this.#options;
    if (name.credentials.appSecret.reveal() === "") return null;
    const snapshot = await read(name);
    if (SLOTS.every((slot) => snapshot[slot].version === null)) return null;
    const places = await placesOf(name, await former.keysFor(name.credentials));
    const translate = await this.#translation(
      name,
      snapshot,
      keyedFingerprints(former),
      keyedFingerprints(keyring),
    );
    const { token, lease, status, spare } = snapshot;
    return {
      checks: SLOTS.map((slot): KvCheck => ({
        key: slotKey(slot, places[slot]),
        versionstamp: snapshot[slot].version,
      })),
      set: {
        ...(token.value === null
          ? {}
          : { token: isTombstone(token.value) ? token.value : translated(token.value, translate) }),
        ...(lease.value === null ? {} : { lease: { ...lease.value, fp: translate(lease.value.fp) } }),
        ...(status.value === null ? {} : { status: { ...status.value, fp: translate(status.value.fp) } }),
        ...(spare.value === null ? {} : { spare: translated(spare.value, translate) }),
      },
    };
  }

  /** Fingerprints are keyed: those of the tokens and secrets at hand are made anew. */
  async #translation(
    { credentials, presented }: RecordName,
    { token, spare }: Snapshot,
    before: Fingerprints,
    now: Fingerprints,
  ): Promise<(fp: string) => string> {
    const known = new Map<string, string>();
    for (const secret of tokensIn(presented, token.value, spare.value)) {
      known.set(await before.ofToken(credentials, secret), await now.ofToken(credentials, secret));
    }
    known.set(await before.ofAppSecret(credentials), await now.ofAppSecret(credentials));
    return (fp) => known.get(fp) ?? fp;
  }
}

/** What {@linkcode FormerRecords} needs. */
export interface FormerRecordsOptions {
  /** Reads a record under its former name. */
  readonly read: (name: RecordName) => Promise<Snapshot>;
  /** Each app's secret is its key. */
  readonly former: Keyring;
  /** The server key. */
  readonly keyring: Keyring;
}

/** A record under its former name. */
export interface FormerRecord {
  /** Its keys, with the versions that were read. */
  readonly checks: readonly KvCheck[];
  /** Its values, as they are stored under the new name. */
  readonly set: {
    readonly token?: NonNullable<Snapshot["token"]["value"]>;
    readonly lease?: Lease;
    readonly status?: Status;
    readonly spare?: TokenRecord;
  };
}

function translated(record: TokenRecord, translate: (fp: string) => string): TokenRecord {
  return {
    ...record,
    fp: translate(record.fp),
    secretFp: translate(record.secretFp),
    ...(record.earlier === undefined ? {} : { earlier: record.earlier.map(translate) }),
  };
}

function* tokensIn(
  presented: Secret | undefined,
  ...records: readonly (Snapshot["token"]["value"] | TokenRecord)[]
): Generator<Secret> {
  if (presented !== undefined) yield presented;
  for (const record of records) {
    if (record === null || isTombstone(record)) continue;
    yield record.token.accessToken;
    if (record.token.refreshToken !== undefined) yield record.token.refreshToken;
  }
}
