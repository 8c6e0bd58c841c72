import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { sandboxUser } from "../../src/sandbox/sandbox_user.ts";
import type { Chance } from "../../harness/chance.ts";

/** A person who logs in and out. */
export interface Person {
  /** As the simulated Feishu knows them. */
  readonly name: string;
  readonly openId: string;
  /** Whether nobody asks for their token before the end. */
  readonly isSleeper: boolean;
  /** Whether something is done with their login, so that nothing else may be. */
  isBusy: boolean;
  /** Whether they are logged in; `null` where only a new login can tell. */
  isIn: boolean | null;
  /** When they agreed the last time, by the harness's clock. */
  approvedMs: number;
}

/** The people of a run. */
export class People {
  readonly #everyone: readonly Person[];

  /**
   * @param count who log in and out.
   * @param sleepers who log in once.
   */
  constructor(count: number, sleepers: number) {
    this.#everyone = Array.from({ length: count + sleepers }, (_, index) => {
      const name = `person ${index + 1}`;
      const { openId } = sandboxUser(DEFAULT_SANDBOX_APP, name);
      const isSleeper = index >= count;
      return { name, openId, isSleeper, isBusy: false, isIn: false, approvedMs: -Infinity };
    });
  }

  /** All of them. */
  get everyone(): readonly Person[] {
    return this.#everyone;
  }

  /** One whose login nothing is done with, who fits; `null` where there is none. The caller gives them back. */
  borrow(chance: Chance, fits: (person: Person) => boolean = () => true): Person | null {
    const free = this.#everyone.filter((person) => !person.isBusy && fits(person));
    if (free.length === 0) return null;
    const person = chance.pick(free);
    person.isBusy = true;
    return person;
  }

  /** Ends what {@linkcode People.borrow} began. */
  giveBack(person: Person): void {
    person.isBusy = false;
  }

  /** Anyone whose token may be asked for at any time; they may be logged out. */
  any(chance: Chance): Person {
    return chance.pick(this.#everyone.filter(({ isSleeper }) => !isSleeper));
  }
}
