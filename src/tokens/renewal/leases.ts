import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { Liveness } from "../../ports/liveness.ts";
import type { Lease, RecordStore, Snapshot, Versioned } from "../../ports/store.ts";
import { CLAIM_DEADLINE_MS } from "./limits.ts";
import { holdOffLease } from "./hold_off_lease.ts";
import { newNonce } from "./new_nonce.ts";
import { LruMap } from "../../concurrency/lru_map.ts";
import type { RenewalStrategy } from "./renewal_strategy.ts";
import { RENEWAL_COME_BACK_MS } from "./renewal_in_progress.ts";

const REMEMBERED_CLAIMS = 10_000;
/** A presentation of this process that outlasts its lease is checked again after this. */
const OVERDUE_POLL_MS = 200;

/** Decides who may present a token, and until when: states Claim, HoldOff and Wait of the renewal (promise 2). */
export class Leases {
  readonly #options: LeasesOptions;
  readonly #claimed = new LruMap<Moment>(REMEMBERED_CLAIMS);
  /** Nonces of the claims under which this process is presenting. */
  readonly #presenting = new Set<string>();
  /** By record, since when this process has seen the current version of its lease. */
  readonly #seen = new LruMap<SeenLease>(REMEMBERED_CLAIMS);

  /** For one process. */
  constructor(options: LeasesOptions) {
    this.#options = options;
  }

  /**
   * Whether `subject` may be claimed. A lease counts only for the token that it names. A lease of this process is over at
   * its deadline. A lease of another process of this machine is over as soon as that process is dead. Any other lease is
   * over when this process has seen the same version of it for longer than its life, by the monotonic clock: no two clocks
   * are ever compared.
   *
   * @param ownClaim the claim of the same flight, if nothing was presented under it, or Feishu refused without consuming.
   */
  async claimable(
    key: string,
    stored: Versioned<Lease>,
    subject: string,
    ownClaim: Claim | null,
  ): Promise<Claimable> {
    const { owner, liveness, clock } = this.#options;
    const lease = stored.value;
    if (lease === null || lease.fp !== subject) return { kind: "free", unknown: false, isTakeover: false };
    if (lease.nonce === null || lease.nonce === ownClaim?.lease.nonce) {
      return { kind: "free", unknown: lease.unknown, isTakeover: false };
    }
    const claimedAt = lease.process === owner.process ? this.#claimed.get(lease.nonce) : undefined;
    if (claimedAt !== undefined) {
      const leftMs = lease.lifeMs - this.#elapsed(claimedAt);
      // A wall clock that was set ahead does not end a presentation in progress, which has its own timeout.
      return heldFor(this.#presenting.has(lease.nonce) ? Math.max(leftMs, OVERDUE_POLL_MS) : leftMs);
    }
    if (lease.machine === owner.machine && !await liveness.isAlive(lease.process)) return heldFor(0);
    let seen = this.#seen.get(key);
    // A database that was replaced counts its versions from the start: the same version may be another lease.
    if (seen === undefined || seen.version !== stored.version || seen.nonce !== lease.nonce) {
      seen = { version: stored.version, nonce: lease.nonce, sinceMs: clock.monotonic() };
      this.#seen.set(key, seen);
    }
    return heldFor(lease.lifeMs - (clock.monotonic() - seen.sinceMs));
  }

  /**
   * Writes a lease of nobody, for its whole life, after the store went back: a process that presented `subject` before gets
   * the time to write its pair.
   *
   * @throws TokenError `store_unavailable` when it could not be written.
   */
  async holdOff(strategy: RenewalStrategy, snapshot: Snapshot, subject: string): Promise<void> {
    const { kind } = await this.#options.store.write(strategy.name, {
      check: { token: snapshot.token.version, lease: snapshot.lease.version },
      set: { lease: holdOffLease(subject, this.#options) },
      deadlineMs: CLAIM_DEADLINE_MS,
    });
    if (kind === "unknown") throw notWritten();
  }

  /**
   * Claims the record with `check(token)`, `check(lease)` and `check(status)`: the owner of a lease that is taken over may
   * have marked the record just now.
   *
   * @returns `null` when another process was faster, or the outcome is not known. A claim that has landed after all is
   * waited for like any other lease.
   * @throws TokenError `store_unavailable` when the store can be read and not written.
   */
  async claim(
    strategy: RenewalStrategy,
    snapshot: Snapshot,
    subject: string,
    unknown: boolean,
  ): Promise<Claim | null> {
    const { store, clock, random, owner } = this.#options;
    const notedAt = { wallMs: clock.now(), monotonicMs: clock.monotonic() };
    const nonce = newNonce(random);
    const { machine, process } = owner;
    const lease: Lease = {
      nonce,
      machine,
      process,
      fp: subject,
      lifeMs: strategy.limits.lifeMs,
      issuedAtMs: notedAt.wallMs,
      unknown,
    };
    this.#claimed.set(nonce, notedAt);
    const { token, lease: { version: leaseVersion }, status } = snapshot;
    const outcome = await store.write(strategy.name, {
      check: { token: token.version, lease: leaseVersion, status: status.version },
      set: { lease },
      also: await strategy.guards?.() ?? [],
      deadlineMs: CLAIM_DEADLINE_MS,
    });
    if (outcome.kind === "ok") return { lease, version: outcome.version, snapshot, notedAt };
    // The store may report a conflict for a claim that landed, so read the nonce again. The token must be the same too: a
    // slow commit may have landed in between.
    const after = await store.read(strategy.name);
    const isSameToken = after.token.version === token.version;
    if (isSameToken && after.lease.value?.nonce === nonce && after.lease.version !== null) {
      return { lease, version: after.lease.version, snapshot, notedAt };
    }
    // The claim may still land; then its lease is waited for. Do not retry here: on a full disk that would spin.
    const isUntouched = isSameToken && after.lease.version === leaseVersion;
    if (outcome.kind === "unknown" && isUntouched) throw notWritten();
    return null;
  }

  /** Whether enough of the lease is left for a presentation and its commit. Asked last, before the request leaves. */
  inTime(claim: Claim, strategy: RenewalStrategy): boolean {
    return this.#elapsed(claim.notedAt) <= strategy.limits.lifeMs - strategy.limits.needMs;
  }

  /** Runs `present` under `claim`. Until it ends the lease is not over, whatever the clock says. */
  async during<T>({ lease: { nonce } }: Claim, present: () => Promise<T>): Promise<T> {
    if (nonce === null) throw new RangeError("A presentation under a lease that was given back");
    this.#presenting.add(nonce);
    try {
      return await present();
    } finally {
      this.#presenting.delete(nonce);
    }
  }

  /** The lease of `claim`, given back. */
  released(claim: Claim, unknown: boolean): Lease {
    return { ...claim.lease, nonce: null, unknown };
  }

  /** By the larger of the two clocks: the wall clock may be set back, the monotonic one stops while the machine sleeps. */
  #elapsed(since: Moment): number {
    const { clock } = this.#options;
    return Math.max(clock.now() - since.wallMs, clock.monotonic() - since.monotonicMs);
  }
}

/** What {@linkcode Leases} needs. */
export interface LeasesOptions {
  /** Where the records are. */
  readonly store: RecordStore;
  /** Tells the time and bounds the waits. */
  readonly clock: Clock;
  /** Nonces and jitter. */
  readonly random: Random;
  /** This process. */
  readonly owner: LeaseOwner;
  /** Tells which other processes of this machine live. */
  readonly liveness: Liveness;
}

/** Who claims. */
export interface LeaseOwner {
  /** Random id of the machine. */
  readonly machine: string;
  /** Random id of the process. */
  readonly process: string;
}

/** A lease that is ours. */
export interface Claim {
  /** As written. */
  readonly lease: Lease;
  /** Version of the key `lease`, which a release and a mark check. */
  readonly version: string;
  /** The snapshot that the claim checked. */
  readonly snapshot: Snapshot;
  /** When the claim was about to be issued. */
  readonly notedAt: Moment;
}

/** Both clocks, noted before a claim is issued. */
export interface Moment {
  /** Unix milliseconds. */
  readonly wallMs: number;
  /** Milliseconds of the monotonic clock. */
  readonly monotonicMs: number;
}

/** A lease of another process, as seen in the store. */
interface SeenLease {
  readonly version: string | null;
  readonly nonce: string;
  /** By the monotonic clock, in milliseconds. */
  readonly sinceMs: number;
}

/** Whether a record may be claimed. */
export type Claimable =
  /**
   * `unknown`: an earlier presentation may have rotated the token. `isTakeover`: the lease to replace was never released, so
   * the outcome of its presentation is not known.
   */
  | { readonly kind: "free"; readonly unknown: boolean; readonly isTakeover: boolean }
  | { readonly kind: "held"; readonly leftMs: number };

function notWritten(): TokenError {
  return new TokenError("store_unavailable", {
    detail: { en: "it takes no writes", zh: "无法写入" },
    retryAfterMs: RENEWAL_COME_BACK_MS,
  });
}

function heldFor(leftMs: number): Claimable {
  return leftMs > 0 ? { kind: "held", leftMs } : { kind: "free", unknown: true, isTakeover: true };
}
