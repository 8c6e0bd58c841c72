import { isNewer } from "../../src/ports/record_order.ts";
import type { Note } from "./machine.ts";
import { loginOf, type PairName } from "./pair_name.ts";
import type { Point } from "./schedule_points.ts";
import type { ServerProcess } from "./server_process.ts";
import type { PairView, PlainOperation } from "./store_view.ts";

/** A write that landed, and that the store said had failed. */
export interface Lie {
  readonly process: ServerProcess;
  readonly operation: PlainOperation;
  /** When the write was asked for, milliseconds of virtual time. */
  readonly atMs: number;
  /** The points that were open at the lie: reads that it causes begin later. */
  readonly before: ReadonlySet<Point>;
  /** The reads that may find it out: those of its record that its process began in the step of the lie. */
  reads?: readonly Point[];
  /** Whether those are reads of a last look. */
  isLastLook?: boolean;
}

/** A claim when it was first asked for. */
export interface ClaimNote {
  /** Milliseconds of virtual time. */
  readonly atMs: number;
  /** The pairs that its process knew: from Feishu, from the record as it last read it, from its machine's journal. */
  readonly known: readonly PairName[];
  /** When it took effect, and the number of that write. */
  landed?: { readonly atMs: number; readonly write: number };
}

/** The past of a world, as far as invariants need it. */
export class History {
  /** Every claim, by its nonce. */
  readonly claims = new Map<string, ClaimNote>();
  /** Every pair that the store has ever held, with the number of the write that first brought it. */
  readonly stored = new Map<PairName, number>();
  /** Every pair that a journal has ever held, with its machine's name. */
  readonly noted = new Map<PairName, string>();
  /** What each machine's journal held after the step before. */
  readonly notes = new Map<string, readonly Note[]>();
  /** Lies that no read has found out yet. */
  readonly lies = new Set<Lie>();
  /** The point that went on in the last step, if one did. */
  last: { readonly point: Point; readonly outcomeName: string } | undefined;
  #logoutMs: number | null = null;
  /** After how many writes the last logout was stored. */
  #logoutWrite = -Infinity;
  /** After how many writes each login began, where the store's versions tell. */
  readonly #began = new Map<string, number>();
  #writes = 0;
  /** After how many writes the store was last taken back. */
  #takenBack = 0;
  readonly #logins = new Map<string, number>();
  readonly #held = new Map<string, PairView[]>();
  readonly #elapsedMs: () => number;

  /** `elapsedMs` tells the virtual time. */
  constructor(elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs;
  }

  /** A write was asked for. */
  issued({ sets: { lease } }: PlainOperation, known: readonly PairName[]): void {
    const nonce = lease?.nonce ?? null;
    if (nonce !== null && !this.claims.has(nonce)) this.claims.set(nonce, { atMs: this.#elapsedMs(), known });
  }

  /** A write took effect. */
  landed({ record, sets: { token, spare, lease } }: PlainOperation): void {
    this.#writes++;
    const claim = this.claims.get(lease?.nonce ?? "");
    if (claim !== undefined) claim.landed ??= { atMs: this.#elapsedMs(), write: this.#writes };
    if (spare?.pair !== undefined && spare.pair !== null) this.learn(spare);
    if (token === undefined) return;
    this.learn(token);
    if (token.pair === null) {
      this.#logoutMs = Math.max(token.login, this.#logoutMs ?? 0);
      this.#logoutWrite = this.#writes;
    }
    if (token.pair !== null && !this.stored.has(token.pair)) this.stored.set(token.pair, this.#writes);
    this.#held.set(record, [...this.#held.get(record) ?? [], token]);
  }

  /** The store was taken back. */
  tookBack(): void {
    this.#takenBack = this.#writes;
  }

  /** Whether `claim` had landed when the store was last taken back, and was lost with it. */
  isLost({ landed }: ClaimNote): boolean {
    return landed !== undefined && landed.write <= this.#takenBack;
  }

  /** Whether `record` has ever held a pair, or a logout, that `pair` must not replace. */
  hasHeldNewer(record: string, pair: PairView): boolean {
    return (this.#held.get(record) ?? []).some((held) =>
      held.pair === null ? pair.login <= held.login : !isNewer(pair, held)
    );
  }

  /** Notes when the login of `pair` was, as its record says; a login may be moved above others when it is stored. */
  learn({ pair, login }: PairView): void {
    if (pair !== null) this.#logins.set(loginOf(pair), Math.max(login, this.loginMs(pair)));
  }

  /** Whether a logout has ended the login of `pair`, even if the store has lost that since. */
  isLoggedOut(pair: PairName): boolean {
    if (this.#began.has(loginOf(pair))) return this.isBehindWall(pair);
    return this.#logoutMs !== null && this.loginMs(pair) <= this.#logoutMs;
  }

  /** Whether the store's versions say that the login of `pair` began before the last logout. */
  isBehindWall(pair: PairName): boolean {
    return (this.#began.get(loginOf(pair)) ?? Infinity) < this.#logoutWrite;
  }

  /** A login begins, of which the store's versions say on which side of a logout it is. */
  begins(pair: PairName): void {
    this.#began.set(loginOf(pair), this.#writes);
  }

  /** When the login of `pair` was, as its records say: Unix milliseconds, 0 for a caller's. */
  loginMs(pair: PairName): number {
    return this.#logins.get(loginOf(pair)) ?? 0;
  }
}
