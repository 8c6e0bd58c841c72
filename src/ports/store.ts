import type { ErrorCode } from "../errors/error_table.ts";
import type { Phrase } from "../errors/language.ts";
import type { Secret } from "../secret.ts";
import type { SealedChange } from "./sealed_change.ts";
import type { AppCredentials, FeishuUser, IssuedToken, LoginClaims, RefreshEndpoint } from "./feishu.ts";

export type { LoginClaims };

/**
 * The kinds of record. A `login` is claimed and journaled like the others, and presents its code once instead of
 * renewing.
 */
export type RecordKind = "app" | "tenant" | "caller" | "login" | "grant";

/** Names one renewable record. The store turns it into keyed hashes: nothing of it can be read from a copied file. */
export interface RecordName {
  /**
   * `app`: the app's own token. `tenant`: the token of the tenant where the app is installed. `caller`: the pair that
   * replaced a refresh token that a caller holds. `login`: the pair that a login's code brought. `grant`: one user's
   * authorization of the app.
   */
  readonly kind: RecordKind;
  /**
   * The app. Its secret is part of the name of lease and status of `app` and `tenant` alone: each secret has its own.
   */
  readonly credentials: AppCredentials;
  /**
   * For `caller` the refresh token that is presented, for `login` the device code or authorization code. The record is
   * named by the hash of this secret, and the secret is part of the key that seals the pair in the record.
   */
  readonly presented?: Secret;
  /** For `grant`: the user's `open_id`. */
  readonly user?: string;
  /** For `grant`: whose login it is; absent for `local`. */
  readonly owner?: string;
  /** For `login` and `grant`: the address of Feishu's API, where it is not the brand's own. */
  readonly at?: string;
}

/** What orders the records of one name: the login first, then the generation. */
export interface RecordOrder {
  /** Number of the login: about the time of the user's authorization in Unix milliseconds; 0 where none is known. */
  readonly login: number;
  /** Counts the rotations of one login, from 1. In a tombstone, that of the login's newest pair. */
  readonly gen: number;
  /** Which authorization it was, as Feishu says. Grants only, where the first access token had these claims. */
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
  /** Who the user is, besides the `open_id` in the record's name; rotations inherit it. Grants only. */
  readonly who?: Omit<FeishuUser, "openId">;
  /**
   * Which generation of endpoint issued it, so that the next renewal of the chain goes there first. User tokens only.
   */
  readonly endpoint?: RefreshEndpoint;
  /** Fingerprints of the tokens before this one, the latest first: what a late report is about. App tokens only. */
  readonly earlier?: readonly string[];
  /** Whether Feishu handed out the very same access token again when it was asked for another. */
  readonly unchanged?: boolean;
  /** Whether this is the first pair of a login: no rotation can be missing before it. */
  readonly isLogin?: boolean;
  /** Whether `login` and `gen` are final: the first pair of a login gets its place just before it is first written. */
  readonly isPlaced?: boolean;
  /** Version that the login's own record (kind `login`) had when it was created; rotations inherit it. Grants only. */
  readonly began?: string;
  /**
   * Version of the last tombstone that this login or an earlier one has replaced; rotations inherit it. Grants only.
   */
  readonly wall?: string;
}

/**
 * What a logout leaves in the key `token`, so that no late rotation brings the login back. Only a later login replaces
 * it.
 */
export interface Tombstone extends RecordOrder {
  /** When the user logged out, Unix milliseconds. */
  readonly endedAtMs: number;
}

/** The right to renew one record: the value of the key `lease`. */
export interface Lease {
  /** Random, a new one for each claim; `null` once released. */
  readonly nonce: string | null;
  /** Random id of the owner's machine. */
  readonly machine: string;
  /** Random id of the owner. */
  readonly process: string;
  /**
   * Fingerprint of the token that its owner presents; for an app or a tenant, of the secret. A lease counts only while
   * this is what would be presented.
   */
  readonly fp: string;
  /** Its length in milliseconds, counted from before it was claimed. */
  readonly lifeMs: number;
  /** Unix milliseconds by the owner's clock, for people. Nothing is judged by it. */
  readonly issuedAtMs: number;
  /** Whether a presentation of this `fp` has an unknown outcome. Never goes back to false while `fp` stays. */
  readonly unknown: boolean;
}

/** Why a record could not be renewed: the value of the key `status`. It counts for its `fp` alone. */
export interface Status {
  /** Fingerprint of what was presented. */
  readonly fp: string;
  /** `cool_down` passes; the others hold until a newer token turns up. */
  readonly mark: "cool_down" | "needs_login" | "rotation_outcome_unknown";
  /** The failure to report. */
  readonly errorCode: ErrorCode;
  /** End of a cool-down, Unix milliseconds. */
  readonly untilMs?: number;
  /** Feishu's own code, where it gave one. */
  readonly feishuCode?: number;
  /** Feishu's `X-Tt-Logid`, where it gave one. */
  readonly logId?: string;
  /** What happened in words, where no code of Feishu's says it. Version 0.1.0 neither writes nor reads it. */
  readonly detail?: Phrase;
  /** Page for the person's security check, where Feishu gave one. Version 0.1.0 neither writes nor reads it. */
  readonly challengeUrl?: string;
  /** When it was written, Unix milliseconds. */
  readonly atMs: number;
}

/** A stored value with the version that a check compares. `version` is `null` where the key is absent. */
export interface Versioned<T> {
  /** `null` where the key is absent. */
  readonly value: T | null;
  /** Never comes back once it has changed. Within one database that of a later write is greater, compared as text. */
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
   * In a grant, a second pair of the same login and generation, for the case that Feishu refuses the one in `token`. In
   * the record of a caller-held refresh token that was not presented yet, the pair that the token itself came with:
   * noted for a while after a report has brought that pair.
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
  /** Sealed values that are written or removed in the same atomic write, such as the entry of the index of grants. */
  readonly also?: readonly SealedChange[];
  /** Longest wait, in milliseconds. A write given up may still land later. */
  readonly deadlineMs: number;
}

/**
 * What is known of a write.
 *
 * - `ok`: it landed. Every slot that it set has `version` now.
 * - `conflict`: a check failed. The reason may be this write itself, if an earlier attempt of it landed: read again.
 * - `unknown`: there was no answer, or an exception. It may have landed, or land later: read again.
 * - `too large`: it was not tried, since no database takes a value of that size.
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
   * @throws TokenError `store_unavailable` when the store does not answer, `store_unreadable` when a value does not
   * open.
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
   * When another database was last found at the store's place and accepted as the store, by the monotonic clock in
   * milliseconds; `-Infinity` if never. Records and leases of the one before may be lost.
   */
  readonly replacedAtMs: number;
}

/**
 * Pairs that Feishu has issued and that the store may not have yet, on disk. A machine has one journal, so that each of
 * its processes finds the pairs of one that was killed.
 */
export interface Journal {
  /**
   * Returns once the pair is on disk, flushed to the medium together with its folder.
   *
   * @throws TokenError `store_unavailable` when it cannot be written.
   */
  put(name: RecordName, record: TokenRecord): Promise<void>;
  /** The newest pair of this record in the journal, or `null`. */
  newest(name: RecordName): Promise<TokenRecord | null>;
  /** The pair of this record with this fingerprint in the journal, or `null`. */
  find(name: RecordName, fp: string): Promise<TokenRecord | null>;
  /**
   * Removes the pair `upTo` and every older pair of the record, but no other pair of the same generation, and no login
   * that has no final place yet. Call it only after the store was seen to hold that pair, a newer one, or a tombstone.
   */
  clear(name: RecordName, upTo: ClearedPair): Promise<void>;
  /**
   * Writes something of its own and removes it.
   *
   * @throws TokenError `store_unavailable` when that fails.
   */
  probe(): Promise<void>;
}

/** The newest pair that the journal need not hold any more. */
export interface ClearedPair extends RecordOrder {
  /** Its fingerprint. */
  readonly fp?: string;
  /** When the user logged out, Unix milliseconds. Then logins without a final place are removed too. */
  readonly endedAtMs?: number;
}

/** Keyed one-way fingerprints, 22 characters of base64url: comparable inside one store, worthless outside it. */
export interface Fingerprints {
  /** Fingerprint of a token of this app. */
  ofToken(credentials: AppCredentials, token: Secret): Promise<string>;
  /** Fingerprint of the app's secret. */
  ofAppSecret(credentials: AppCredentials): Promise<string>;
}
