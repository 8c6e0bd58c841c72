import { generationOf, loginOf, type PairName } from "./pair_name.ts";

/** Feishu's code for a refresh token that is spent or revoked. */
export const SPENT = 20064;

/** What Feishu knows of refresh tokens: each is good for one rotation. */
export class FeishuBooks {
  readonly #live = new Set<PairName>();
  #logins = 0;

  /** A user logs in: a new first pair. */
  login(): PairName {
    const pair = `${String.fromCharCode("A".charCodeAt(0) + this.#logins)}1`;
    this.#logins++;
    this.#live.add(pair);
    return pair;
  }

  /** Whether `token` would be accepted. */
  isLive(token: PairName): boolean {
    return this.#live.has(token);
  }

  /** Spends `token`: its successor, or the code of a refusal. */
  rotate(token: PairName): { readonly issued: PairName } | { readonly refused: number } {
    if (!this.#live.delete(token)) return { refused: SPENT };
    return { issued: this.#issue(token) };
  }

  /** A grace period, which Feishu does not document: a spent token brings another pair, and the one before dies. */
  rotateAgain(token: PairName): { readonly issued: PairName } {
    for (const live of [...this.#live]) {
      if (loginOf(live) === loginOf(token) && generationOf(live) > generationOf(token)) {
        this.#live.delete(live);
      }
    }
    return { issued: this.#issue(token, "'") };
  }

  /** Ends `token` without a successor. */
  end(token: PairName): void {
    this.#live.delete(token);
  }

  /** Every refresh token that works. */
  get live(): ReadonlySet<PairName> {
    return this.#live;
  }

  #issue(token: PairName, mark = ""): PairName {
    const pair = `${loginOf(token)}${generationOf(token) + 1}${mark}`;
    this.#live.add(pair);
    return pair;
  }
}
