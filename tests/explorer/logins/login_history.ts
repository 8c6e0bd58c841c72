import { LOGIN_VALUES, type LoginRecord } from "../../../src/login/login_record.ts";
import type { Machine } from "../machine.ts";
import { loginOf, type PairName } from "../pair_name.ts";
import { issuedFor, type Presentation } from "../presentation.ts";
import type { PlainOperation } from "../store_view.ts";
import type { World } from "../world.ts";

/** The people who log in. */
export const PEOPLE: readonly string[] = ["ann", "bob"];

/** What is known of one login. */
export interface LoginFacts {
  /** After how many writes its record was created. */
  readonly beganWrite: number;
  /** As the store has it, and as it had it before. */
  record: LoginRecord;
  before: LoginRecord | undefined;
}

/** The past of the logins of a world, as far as invariants need it. */
export class LoginHistory {
  /** By code. */
  readonly logins = new Map<string, LoginFacts>();
  /** Every pair that the store or a journal has held, and since when, milliseconds of virtual time. */
  readonly durable = new Map<PairName, number>();
  /** Machines on which files of the journal could not be removed. */
  readonly uncleared = new Set<Machine>();
  /** The families that each person's grant has held. */
  readonly #held = new Map<string, Set<string>>();
  /** After how many writes each person's last logout landed. */
  readonly #logouts = new Map<string, number>();
  readonly #world: World;
  /** Counts the writes that took effect. */
  writes = 0;
  /** Since when every process lives and nothing goes wrong any more, milliseconds of virtual time. */
  quietMs = 0;

  /** Of `world`. */
  constructor(world: World) {
    this.#world = world;
  }

  /** A write took effect. */
  landed({ record, sets: { token }, values }: PlainOperation): void {
    this.writes++;
    for (const { namespace, value } of values) {
      if (namespace === "login" && value !== null) this.#noteLogin(LOGIN_VALUES.decode(value));
    }
    if (token === undefined) return;
    if (token.pair !== null) this.#noteDurable(token.pair);
    if (!PEOPLE.includes(record)) return;
    if (token.pair === null) this.#logouts.set(record, this.writes);
    else this.#held.set(record, (this.#held.get(record) ?? new Set()).add(loginOf(token.pair)));
  }

  /** A step is over. */
  stepped(): void {
    for (const machine of this.#world.machines) {
      for (const { pair: { pair } } of machine.notes()) if (pair !== null) this.#noteDurable(pair);
    }
  }

  /** Whether the grant of `person` has ever held the family of `pair`. */
  wasKept(person: string, pair: PairName): boolean {
    return this.#held.get(person)?.has(loginOf(pair)) ?? false;
  }

  /** Whether the person of the login with this code has logged out since it began. */
  isLoggedOut(code: string, person: string): boolean {
    return (this.logins.get(code)?.beganWrite ?? Infinity) < (this.#logouts.get(person) ?? -Infinity);
  }

  /** After how many writes the person's last logout landed; `-Infinity`: there was none. */
  logoutWrite(person: string): number {
    return this.#logouts.get(person) ?? -Infinity;
  }

  /** The presentations of device codes that brought a pair. */
  issued(): { readonly presentation: Presentation; readonly pair: PairName }[] {
    return this.#world.feishu.presentations.flatMap((presentation) => {
      const pair = issuedFor(presentation);
      const isCode = this.#world.feishu.logins.devices.has(presentation.token);
      return isCode && pair !== undefined ? [{ presentation, pair }] : [];
    });
  }

  /** Whether somebody has, or had for good, what a presentation brought: its presenter lives, or it was durable. */
  isHeld(presentation: Presentation, pair: PairName): boolean {
    if (this.durable.has(pair)) return true;
    return presentation.by.isAlive && !presentation.isLost;
  }

  #noteDurable(pair: PairName): void {
    if (!this.durable.has(pair)) this.durable.set(pair, this.#world.time.elapsedMs);
  }

  #noteLogin(record: LoginRecord): void {
    const code = record.presented.reveal();
    const known = this.logins.get(code);
    if (known === undefined) this.logins.set(code, { beganWrite: this.writes, record, before: undefined });
    else {
      known.before = known.record;
      known.record = record;
    }
  }
}
