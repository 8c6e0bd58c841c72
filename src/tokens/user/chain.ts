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

/** The records of caller-held refresh tokens that came of one another, from the one presented to the newest known. */
export class Chain {
  readonly #options: ChainOptions;
  readonly #credentials: AppCredentials;
  readonly #former: AppCredentials | undefined;
  readonly #links: Link[] = [];
  #end: RecordView | undefined;

  /** An empty one, of an app. */
  constructor(options: ChainOptions, credentials: AppCredentials) {
    this.#options = options;
    this.#credentials = credentials;
    this.#former = formerlyNamed(credentials);
  }

  /** That of the token which was presented. */
  get first(): Link | undefined {
    return this.#links[0];
  }

  /** The last one. */
  get newest(): Link | undefined {
    return this.#links.at(-1);
  }

  /**
   * The look at the store that has shown that nothing came of the newest pair's refresh token yet, or of the one presented,
   * or only what has ended since; `undefined` where none has.
   */
  get end(): RecordView | undefined {
    return this.#end;
  }

  /**
   * Follows the links in the store from the record of `presented` to the end, and goes on in this process's memory of
   * them where the store does not answer.
   *
   * @returns what kept it from the end, if there was anything to follow at all; else `null`.
   * @throws TokenError `refresh_tokens_in_circle`; and where there was nothing to follow, what kept it from it.
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

  /** Appends what Feishu has issued for the last token just now. */
  append(ref: RecordRef, { record, isStored, isDurable }: Renewed): void {
    this.#add({ ref, record, version: null, isStored, isDurable });
  }

  /**
   * Points the first record straight at the newest pair, for that pair's life: whoever always presents the same old
   * token keeps its way in. `check(token)`, so never to an older pair than somebody else has put there; and with a greater
   * generation, by which those who remember the record tell that it is newer.
   */
  async shorten(): Promise<void> {
    const { first, newest } = this;
    if (first === undefined || newest === undefined || first === newest || first.version === null) return;
    // Of two pairs that Feishu may have issued for one token the one is kept that is stored first.
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
      const found = await find(ref);
      if (found === null || isEndedLoop(found.record, fp, this.#options.clock.now())) break;
      if (found.record.fp !== fp || this.newest?.ref.key !== ref.key) this.#add({ ref, ...found });
      // A link to itself: Feishu has handed back the token that was presented.
      if (found.record.fp === fp) break;
      presented = found.record.token.refreshToken;
      fp = found.record.fp;
    }
  }

  #add(link: Link): void {
    this.#links.push(link);
    this.#end = undefined;
  }

  async #stored(ref: RecordRef): Promise<Omit<Link, "ref"> | null> {
    const look = await this.#options.pairs.read(ref);
    const { token: { value, version }, isUnstored, isDurable } = look;
    const record = tokenIn(value);
    if (record === null && this.#former !== undefined) {
      const found = await this.#storedFormerly(ref, this.#former);
      if (found !== null) return found;
    }
    this.#end = look;
    return record === null ? null : { record, version, isStored: !isUnstored, isDurable };
  }

  /**
   * The second look, under the name that another setting gave the record. It stays where it is: the link has no version, by
   * which nothing is written over it, and what is presented next has a record of the name that counts now.
   */
  async #storedFormerly({ name }: RecordRef, former: AppCredentials): Promise<Omit<Link, "ref"> | null> {
    const { pairs, fingerprints } = this.#options;
    const { presented } = name;
    if (presented === undefined) return null;
    const key = callerKey(former, await fingerprints.ofToken(former, presented));
    const look = await pairs.read({ name: { ...name, credentials: former }, key, spends: true });
    const record = tokenIn(look.token.value);
    if (record === null) return null;
    return {
      record: await underOwnName(record, former, this.#credentials, fingerprints),
      version: null,
      isStored: !look.isUnstored,
      isDurable: look.isDurable,
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
  /** Knows the records, also those that the store has not got or does not show. */
  readonly pairs: DurablePairs;
  /** Where the records are. */
  readonly store: RecordStore;
  /** Compares tokens without showing them. */
  readonly fingerprints: Fingerprints;
  /** Tells which pairs have ended. */
  readonly clock: Clock;
}

/** One record of a chain: what was presented, and the pair that came of it. */
export interface Link {
  /** Of the token presented. */
  readonly ref: RecordRef;
  /** The pair. */
  readonly record: TokenRecord;
  /** Of the record in the store; `null` where it was not read there. */
  readonly version: string | null;
  /** Whether it is in the store. */
  readonly isStored: boolean;
  /** Whether it outlives this process. */
  readonly isDurable: boolean;
}

/** Names the record of a caller-held token inside this process, by the token's fingerprint. */
export function callerKey(credentials: AppCredentials, presentedFp: string): string {
  const { brand, recordBrand = brand, appId } = credentials;
  return `caller ${JSON.stringify([brand, recordBrand, appId, presentedFp])}`;
}
