import type { ErrorCode } from "../errors/error_table.ts";
import type { Phrase } from "../errors/language.ts";
import type { Secret } from "../secret.ts";
import type { SealedChange } from "./sealed_change.ts";
import type { AppCredentials, IssuedToken, LoginClaims, RefreshEndpoint } from "./feishu.ts";

export type { LoginClaims };

/** The kinds of renewable record. A `login` is claimed and journaled like one, and presents its code once. */
export type RecordKind = "app" | "tenant" | "caller" | "login" | "grant";

/** Names one renewable record. The store turns it into keyed hashes: nothing of it can be read from a copied file. */
export interface RecordName {
  /**
   * The app's own token, that of the tenant where it is installed, what came of a refresh token that a caller holds, or one
   * user's authorization of the app.
   */
  readonly kind: RecordKind;
  /** The app. Its secret is part of the name only of an app's lease and status: attempts with one are nobody else's. */
  readonly credentials: AppCredentials;
  /**
   * For `caller` the refresh token that is presented, for `login` the device code or authorization code. The record is
   * named by its hash, and the pair in it is sealed with a key that this very secret is part of.
   */
  readonly presented?: Secret;
  /** For `grant`: the user's `open_id`. */
  readonly user?: string;
}

/** What orders the records of one name: the login first, then the generation. */
export interface RecordOrder {
  /** Unix milliseconds of the user's authorization; 0 where there is none to know. */
  readonly login: number;
  /** Counts the rotations of one login, from 1; of a tombstone, that of the newest pair. */
  readonly gen: number;
  /** Who authorized when, as Feishu says: of a grant whose login brought an access token with these claims. */
  readonly auth?: LoginClaims;
}

/** The newest token of a record: the value of the key `token`. */
export interface TokenRecord extends RecordOrder {
  /** Fingerprint of what a renewal of this record would present: the refresh token, for an app the token itself. */
  readonly fp: string;
  /** Keyed fingerprint of the app secret that Feishu accepted when it issued this. */
  readonly secretFp: string;
  /** What Feishu issued. */
  readonly token: IssuedToken;
  /** Which generation of endpoint issued it, so that the next renewal of the chain goes there first. User tokens only. */
  readonly endpoint?: RefreshEndpoint;
  /** Fingerprints of the tokens before this one, the latest first: what a late report is about. App tokens only. */
  readonly earlier?: readonly string[];
  /** Whether Feishu handed out the very same access token again when it was asked for another. */
  readonly unchanged?: boolean;
  /** Whether this is the pair that a login brought: it follows on nothing, so that nothing can be missing before it. */
  readonly isLogin?: boolean;
  /** Whether `login` and `gen` are the place in which this login is, or is about to be, stored. Without it they may change. */
  readonly isPlaced?: boolean;
  /** Version that the login's own record had when it was created; rotations inherit it. Grants only. */
  readonly began?: string;
  /** Version of the last tombstone that was replaced by this login or an earlier one; rotations inherit it. Grants only. */
  readonly wall?: string;
}

/**
 * What a logout leaves in the key `token`: no rotation that was on its way may bring the login back. Only a later login
 * replaces it.
 */
export interface Tombstone extends RecordOrder {
  /** When it ended, Unix milliseconds. */
  readonly endedAtMs: number;
}

/** The right to renew one record: the value of the key `lease`. */
export interface Lease {
  /** One a claim; `null` once released. */
  readonly nonce: string | null;
  /** Random id of the owner's machine. */
  readonly machine: string;
  /** Random id of the owner. */
  readonly process: string;
  /**
   * Fingerprint of what its owner presents, for an app of the secret. A lease about anything but what would be presented now
   * does not count.
   */
  readonly fp: string;
  /** How long it lasts from before it was claimed, in milliseconds. */
  readonly lifeMs: number;
  /** Unix milliseconds by the owner's clock, for people. Nothing is judged by it. */
  readonly issuedAtMs: number;
  /** Whether a presentation of this `fp` has an unknown outcome. Never goes back to false while `fp` stays. */
  readonly unknown: boolean;
}

/** What is known of a record that could not be renewed: the value of the key `status`. Counts for its `fp` alone. */
export interface Status {
  /** Fingerprint of what was presented. */
  readonly fp: string;
  /** `cool_down` passes; the others hold until a newer token turns up. */
  readonly mark: "cool_down" | "needs_login" | "rotation_outcome_unknown";
  /** The failure to report. */
  readonly errorCode: ErrorCode;
  /** Unix milliseconds; end of a cool-down. */
  readonly untilMs?: number;
  /** Feishu's own code, where it gave one. */
  readonly feishuCode?: number;
  /** Feishu's `X-Tt-Logid`, where it gave one. */
  readonly logId?: string;
  /** What happened in words, where no code of Feishu's says it. 0.1.0 neither wrote nor reads it. */
  readonly detail?: Phrase;
  /** Unix milliseconds. */
  readonly atMs: number;
}

/** A stored value with the version that a check compares. `version` is `null` where the key is absent. */
export interface Versioned<T> {
  /** `null` where the key is absent. */
  readonly value: T | null;
  /** Opaque; never comes back once it has changed. */
  readonly version: string | null;
}

/** The keys of one record, read in one snapshot. */
export interface Snapshot {
  /** The newest token, or what a logout left. */
  readonly token: Versioned<TokenRecord | Tombstone>;
  /** Who may renew it. */
  readonly lease: Versioned<Lease>;
  /** Why it could not be renewed. */
  readonly status: Versioned<Status>;
  /**
   * Of a grant, another pair of the same login and generation: what is left should Feishu refuse the one in `token`. Beside
   * the record of a caller's refresh token that was not presented yet, the pair that it came with, noted for a while when a
   * report has brought that.
   */
  readonly spare: Versioned<TokenRecord>;
}

/** The keys of a record. */
export type Slot = keyof Snapshot;

/** One atomic write. It happens whole or not at all, and only if every slot in `check` still has that version. */
export interface RecordChange {
  /** Slots that must have this version; `null`: must be absent. */
  readonly check: { readonly [S in Slot]?: string | null };
  /** Slots to write. */
  readonly set: { readonly [S in Slot]?: NonNullable<Snapshot[S]["value"]> };
  /** Slots to delete. */
  readonly remove?: readonly Slot[];
  /** Sealed values that are written or removed in the same atomic write, such as the entry of the due index. */
  readonly also?: readonly SealedChange[];
  /** Longest wait, in milliseconds. A write given up may still land later. */
  readonly deadlineMs: number;
}

/**
 * What is known of a write: `ok`, with the version that every slot it set has now; `conflict` (a check failed, or seemed
 * to: it may even be one's own first attempt); `unknown` (no answer, an exception). After these two only a read can tell.
 * `too large`: it was not even tried, since no database takes a value of that size.
 */
export type WriteOutcome =
  | { readonly kind: "ok"; readonly version: string }
  | { readonly kind: "conflict" }
  | { readonly kind: "unknown" }
  | { readonly kind: "too large"; readonly bytes: number };

/** Records by name. */
export interface RecordStore {
  /**
   * One strongly consistent snapshot.
   *
   * @throws TokenError `store_unavailable` when the store does not answer, `store_unreadable` when a value does not open.
   */
  read(name: RecordName): Promise<Snapshot>;
  /** One atomic write. Never throws for what the store does. */
  write(name: RecordName, change: RecordChange): Promise<WriteOutcome>;
  /**
   * Writes and reads a value of its own.
   *
   * @throws TokenError `store_unavailable` when that fails.
   */
  probe(): Promise<void>;
  /**
   * When another database was last found where the store was, and taken for it, by the monotonic clock in milliseconds;
   * `-Infinity` if never. What the one before held may be lost, leases too.
   */
  readonly replacedAtMs: number;
}

/**
 * Durable notes of pairs that Feishu has issued and the store may not have. One folder a machine, so that any process
 * of it finds what a killed one left.
 */
export interface Journal {
  /**
   * Returns once the pair is on disk, flushed to the medium together with its folder.
   *
   * @throws TokenError `store_unavailable` when it cannot be written.
   */
  put(name: RecordName, record: TokenRecord): Promise<void>;
  /** The newest pair noted for this record, or `null`. */
  newest(name: RecordName): Promise<TokenRecord | null>;
  /** The pair with this fingerprint noted for this record, or `null`. */
  find(name: RecordName, fp: string): Promise<TokenRecord | null>;
  /**
   * Forgets the pair `upTo` and every older one of the record, but not another pair of the same generation, nor a login that
   * has no final place yet. Only after the store was seen to hold that pair, a newer one, or a tombstone.
   */
  clear(name: RecordName, upTo: ClearedPair): Promise<void>;
  /**
   * Writes something of its own and removes it.
   *
   * @throws TokenError `store_unavailable` when that fails.
   */
  probe(): Promise<void>;
}

/** A pair that the journal need not hold any more. */
export interface ClearedPair extends RecordOrder {
  /** Its fingerprint. */
  readonly fp?: string;
  /** Of a tombstone: then logins without a place are forgotten too. */
  readonly endedAtMs?: number;
}

/** Keyed one-way fingerprints, 22 characters of base64url: comparable inside one store, worthless outside it. */
export interface Fingerprints {
  /** Of a token of this app. */
  ofToken(credentials: AppCredentials, token: Secret): Promise<string>;
  /** Of the app's secret. */
  ofAppSecret(credentials: AppCredentials): Promise<string>;
}
