import { tokenHash } from "../src/sandbox/token_hash.ts";
import { type Generation, GENERATIONS } from "../src/sandbox/token_lifetimes.ts";
import type { Chance } from "../harness/chance.ts";
import type { FeishuControl } from "./feishu_control.ts";

const NEWEST_SHARE = 0.6;
const FIRST_SHARE = 0.2;
/** A refresh token leads on for at least a week after it was last presented: 74 moves of the clock. */
const FIRST_KNOWN_MOVES = 60;

/** One login and the refresh tokens that its callers got of it. */
export class Chain {
  /** The endpoints that it came from. */
  readonly generation: Generation;
  /** The refresh token of the login. */
  readonly first: string;
  readonly #tokens: string[];
  /** Whether a fault is being prepared for its newest pair: then no other caller presents it. */
  isBorrowed = false;
  /** How many callers wait for it now. */
  waiting = 0;
  #firstLedOnAtAge: number;
  /** How often the clock had been moved when a new pair came last. */
  renewedAtAge: number;

  constructor(generation: Generation, first: string, age: number) {
    this.generation = generation;
    this.first = first;
    this.#tokens = [first];
    this.#firstLedOnAtAge = age;
    this.renewedAtAge = age;
  }

  /** The newest refresh token that any caller was given. */
  get newest(): string {
    return this.#tokens.at(-1) ?? this.first;
  }

  /** A caller that presented one refresh token was given another at `age`. Whether that is a new one. */
  received(presented: string, token: string, age: number): boolean {
    if (presented === this.first) this.#firstLedOnAtAge = age;
    if (this.#tokens.includes(token)) return false;
    this.#tokens.push(token);
    this.renewedAtAge = age;
    return true;
  }

  /** One to present: the newest more often than not, else the first or any other. */
  presentable(chance: Chance): string {
    const draw = chance.fraction();
    if (draw < NEWEST_SHARE) return this.newest;
    return draw < NEWEST_SHARE + FIRST_SHARE ? this.first : chance.pick(this.#tokens);
  }

  /**
   * The oldest that must still lead to the newest at `age`: the first, unless it was not presented for so long that neither
   * Feishu nor the servers know it any more.
   */
  oldestKnown(age: number): string {
    return age - this.#firstLedOnAtAge < FIRST_KNOWN_MOVES ? this.first : this.newest;
  }
}

/** The logins that callers work with. One that is lost is replaced by another, and remembered for the result. */
export class Chains {
  readonly #feishu: FeishuControl;
  readonly #chance: Chance;
  readonly #every: Chain[] = [];
  readonly #byHash = new Map<string, string>();
  #active: Chain[] = [];
  #isClosed = false;
  #users = 0;
  /** How often the clock was moved by more than a token lives. */
  age = 0;

  constructor(feishu: FeishuControl, chance: Chance) {
    this.#feishu = feishu;
    this.#chance = chance;
  }

  /** How many logins there were. */
  get count(): number {
    return this.#every.length;
  }

  /** Logs a user in, through each generation of endpoints in turn. */
  async add(): Promise<Chain> {
    const generation = GENERATIONS[this.#every.length % GENERATIONS.length] ?? "v2";
    // One user a login: where Feishu ends earlier logins by later ones, those of others stay.
    const user = `user ${++this.#users}`;
    const chain = new Chain(generation, await this.#feishu.logIn(generation, user), this.age);
    this.#byHash.set(tokenHash(chain.first), chain.first);
    this.#every.push(chain);
    this.#active.push(chain);
    return chain;
  }

  /** A caller of `chain` that presented one refresh token was given another. */
  received(chain: Chain, presented: string, token: string): void {
    if (chain.received(presented, token, this.age)) this.#byHash.set(tokenHash(token), token);
  }

  /** The refresh token that the simulated Feishu knows under `hash`, if any caller was given it. */
  tokenWithHash(hash: string): string | undefined {
    return this.#byHash.get(hash);
  }

  /** One that is not borrowed and that few callers wait for; `null` where there is none. */
  any(chance: Chance): Chain | null {
    const free = this.#active.filter(({ isBorrowed, waiting }) => !isBorrowed && waiting < 3);
    return free.length === 0 ? null : chance.pick(free);
  }

  /** Borrows one whose next presentation goes to Feishu, for a fault: a stale one, else a new login. */
  async borrow(): Promise<Chain> {
    const stale = this.#active.filter(({ isBorrowed, waiting, renewedAtAge }) =>
      !isBorrowed && waiting === 0 && renewedAtAge < this.age
    );
    const chain = stale.length === 0 ? await this.add() : this.#chance.pick(stale);
    chain.isBorrowed = true;
    return chain;
  }

  /** A caller was told that the outcome of `chain` is unknown: no caller goes on with it. */
  async retire(chain: Chain, least: number): Promise<void> {
    this.#active = this.#active.filter((each) => each !== chain);
    if (this.#active.length < least && !this.#isClosed) await this.add();
  }

  /** From now on nothing is replaced. Returns every login there ever was. */
  close(): readonly Chain[] {
    this.#isClosed = true;
    return this.#every;
  }
}
