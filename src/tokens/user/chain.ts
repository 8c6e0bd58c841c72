import { TokenError } from "../../errors/token_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AppCredentials } from "../../ports/feishu.ts";
import { tokenIn } from "../../ports/record_order.ts";
import type { Fingerprints, RecordName, RecordStore, TokenRecord } from "../../ports/store.ts";
import type { Secret } from "../../secret.ts";
import { COMMIT_DEADLINE_MS } from "../renewal/limits.ts";
import { formerlyNamed, underOwnName } from "./formerly_named.ts";
import type { DurablePairs, RecordView } from "../renewal/durable_pairs.ts";
import { isEndedLoop } from "./is_ended_loop.ts";
import type { RecordRef } from "../renewal/record_ref.ts";
import type { Renewed } from "../renewal/renewal_strategy.ts";

/**
 * The chain of a caller-held refresh token: the record of the token presented, which holds the pair that replaced it, then
 * the record of that pair's refresh token, and so on to the newest pair (promise 5).
 */
export class Chain {
  readonly #options: ChainOptions;
  readonly #credentials: AppCredentials;
  readonly #former: AppCredentials | undefined;
  readonly #links: Link[] = [];
  #end: RecordView | undefined;

  /** An empty chain, for an app. */
  constructor(options: ChainOptions, credentials: AppCredentials) {
    this.#options = options;
    this.#credentials = credentials;
    this.#former = formerlyNamed(credentials);
  }

  /** The link of the token that was presented. */
  get first(): Link | undefined {
    return this.#links[0];
  }

  /** The link with the newest pair. */
  get newest(): Link | undefined {
    return this.#links.at(-1);
  }

  /**
   * The read that found no successor, or only an ended one, of the newest refresh token: it is the view that a renewal of
   * the token starts from. `undefined` where the store was not read to the end.
   */
  get end(): RecordView | undefined {
    return this.#end;
  }

  /**
   * Follows the links in the store from the record of `presented` to the end. Where the store does not answer, follows the
   * links that this process remembers.
   *
   * @returns the failure that kept it from the end, if it found at least one link; else `null`.
   * @throws TokenError `refresh_tokens_in_circle`; and the failure, if it found no link.
   */
  async followAsFarAsPossible(presented: Secret): Promise<TokenError | null> {
    try {
      await this.follow(presented);
      return null;
    } catch (error) {
      if (!(error instanceof TokenError) || error.code === "refresh_tokens_in_circle") throw error;
      if (error.code === "store_unavailable") {
        const next = this.newest?.record.token.refreshToken ?? presented;
        await this.#follow(next, (ref) => this.#remembered(ref));
      }
      if (this.newest === undefined) throw error;
      return error;
    }
  }

  /**
   * Appends the links from the record of `next` to the end.
   *
   * @throws TokenError `store_unavailable`, `store_unreadable` or `refresh_tokens_in_circle`.
   */
  async follow(next: Secret): Promise<void> {
    await this.#follow(next, (ref) => this.#stored(ref));
  }

  /** Appends the pair that Feishu has just issued for the newest refresh token. */
  append(ref: RecordRef, { record, isStored, isDurable }: Renewed): void {
    this.#add({ ref, record, version: null, isStored, isDurable });
  }

  /**
   * Points the first record at the newest pair, for that pair's life, so that a caller who always presents the same old
   * token can go on. `check(token)` keeps it from replacing a newer pair that another process has put there. The greater
   * generation tells processes that remember the record that it is newer.
   */
  async shorten(): Promise<void> {
    const { first, newest } = this;
    if (first === undefined || newest === undefined || first === newest || first.version === null) return;
    // Feishu may have issued two pairs for one token. The first one stored wins, so an unstored pair must not be linked.
    if (!newest.isStored || newest.ref.key === first.ref.key) return;
    await this.#options.store.write(first.ref.name, {
      check: { token: first.version },
      set: { token: { ...newest.record, gen: first.record.gen + this.#links.length - 1 } },
      deadlineMs: COMMIT_DEADLINE_MS,
    });
  }

  async #follow(next: Secret, find: (ref: RecordRef) => Promise<Omit<Link, "ref"> | null>): Promise<void> {
    const seen = new Set<string>();
    let fp = await this.#options.fingerprints.ofToken(this.#credentials, next);
    for (let presented: Secret | undefined = next; presented !== undefined;) {
      if (seen.has(fp)) throw new TokenError("refresh_tokens_in_circle");
      seen.add(fp);
      const ref = this.#ref(presented, fp);
      const link = await find(ref);
      if (link === null || isEndedLoop(link.record, fp, this.#options.clock.now())) break;
      if (link.record.fp !== fp || this.newest?.ref.key !== ref.key) this.#add({ ref, ...link });
      // A link to itself: Feishu has returned the refresh token that was presented.
      if (link.record.fp === fp) break;
      presented = link.record.token.refreshToken;
      fp = link.record.fp;
    }
  }

  #add(link: Link): void {
    this.#links.push(link);
    this.#end = undefined;
  }

  async #stored(ref: RecordRef): Promise<Omit<Link, "ref"> | null> {
    const view = await this.#options.pairs.read(ref);
    const { token: { value, version }, isUnstored, isDurable } = view;
    const record = tokenIn(value);
    if (record === null && this.#former !== undefined) {
      const link = await this.#storedFormerly(ref, this.#former);
      if (link !== null) return link;
    }
    this.#end = view;
    return record === null ? null : { record, version, isStored: !isUnstored, isDurable };
  }

  /**
   * Reads the record under the name that another setting gave it. The record stays where it is: its link gets no version,
   * so that nothing is written over it, and the next presentation gets a record under the current name.
   */
  async #storedFormerly({ name }: RecordRef, former: AppCredentials): Promise<Omit<Link, "ref"> | null> {
    const { pairs, fingerprints } = this.#options;
    const { presented } = name;
    if (presented === undefined) return null;
    const key = callerKey(former, await fingerprints.ofToken(former, presented));
    const view = await pairs.read({ name: { ...name, credentials: former }, key, spends: true });
    const record = tokenIn(view.token.value);
    if (record === null) return null;
    return {
      record: await underOwnName(record, former, this.#credentials, fingerprints),
      version: null,
      isStored: !view.isUnstored,
      isDurable: view.isDurable,
    };
  }

  async #remembered(ref: RecordRef): Promise<Omit<Link, "ref"> | null> {
    const remembered = await this.#options.pairs.remembered(ref);
    return remembered === null ? null : { ...remembered, version: null, isStored: false };
  }

  #ref(presented: Secret, presentedFp: string): RecordRef {
    const credentials = this.#credentials;
    const name: RecordName = { kind: "caller", credentials, presented };
    return { name, key: callerKey(credentials, presentedFp), spends: true };
  }
}

/** What {@linkcode Chain} needs. */
export interface ChainOptions {
  /** Reads the records, including pairs that are not in the store yet. */
  readonly pairs: DurablePairs;
  /** Where the records are. */
  readonly store: RecordStore;
  /** Compares tokens without showing them. */
  readonly fingerprints: Fingerprints;
  /** Tells which pairs have ended. */
  readonly clock: Clock;
}

/** One record of a chain, which holds the pair that a presentation brought. */
export interface Link {
  /** Names the record, by the token that was presented. */
  readonly ref: RecordRef;
  /** The pair. */
  readonly record: TokenRecord;
  /** Version of the record in the store; `null` where it was not read there. */
  readonly version: string | null;
  /** Whether the pair is in the store. */
  readonly isStored: boolean;
  /** Whether the pair outlives this process: it is in the store or the journal. */
  readonly isDurable: boolean;
}

/** Names the record of a caller-held token inside this process, by the token's fingerprint. */
export function callerKey(credentials: AppCredentials, presentedFp: string): string {
  const { brand, recordBrand = brand, appId } = credentials;
  return `caller ${JSON.stringify([brand, recordBrand, appId, presentedFp])}`;
}
