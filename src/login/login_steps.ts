import { TokenError } from "../errors/token_error.ts";
import type { AppCredentials } from "../ports/feishu.ts";
import type { CallContext } from "../ports/tokens.ts";
import type { Secret } from "../secret.ts";
import { clearPair } from "./clear_pair.ts";
import { identifyUser } from "./identify_user.ts";
import type { LoginParts, LoginStep, StepOutcome } from "./login_parts.ts";
import { isFinal, type LoginRecord } from "./login_record.ts";
import { placeGrant } from "./place_grant.ts";
import { presentCode, reopen } from "./present_code.ts";
import { settleNarrower } from "./settle_narrower.ts";

/** Steps that one login takes at most in one go; a login has half a dozen. */
const MOST_STEPS = 20;

/**
 * Takes a login as far as it goes now. Every process that has the app's secret may take any step, also twice or at the
 * same time: each step is a compare-and-set on the login's record.
 *
 * @see `docs/logins.md`
 */
export class LoginSteps {
  readonly #parts: LoginParts;

  /** For one process. */
  constructor(parts: LoginParts) {
    this.#parts = parts;
  }

  /**
   * Takes the next steps of a login; a process takes those of one login one after another.
   *
   * @throws TokenError `store_unavailable` or `store_unreadable` where the login cannot be read.
   */
  async advance(id: Secret, credentials: AppCredentials, call: CallContext): Promise<Advanced> {
    const { flights } = this.#parts.engine;
    const key = `login steps ${id.reveal()}`;
    const isJoined = flights.inProgress(key);
    const advanced = await flights.run(key, () => this.#advance(id, credentials, call));
    // That flight had begun before this call: it may have read the login before its end, or before what somebody chose.
    return isJoined ? await flights.run(key, () => this.#advance(id, credentials, call)) : advanced;
  }

  async #advance(id: Secret, credentials: AppCredentials, call: CallContext): Promise<Advanced> {
    const { records, engine } = this.#parts;
    let problem: TokenError | undefined;
    for (let taken = 0; taken < MOST_STEPS; taken++) {
      const { value: login, version } = await records.get(id);
      if (login === null || version === null) return { login: null };
      const outcome = engine.stopping.aborted
        ? "waits"
        : await this.#step({ login, version, credentials, call });
      if (outcome === "waits") return { login };
      if (outcome !== "moved") {
        problem = outcome;
        break;
      }
    }
    const { value } = await records.get(id);
    return problem === undefined ? { login: value } : { login: value, problem };
  }

  async #step(step: LoginStep): Promise<StepOutcome> {
    try {
      return await this.#take(step);
    } catch (error) {
      if (error instanceof TokenError) return error;
      throw error;
    }
  }

  async #take(step: LoginStep): Promise<StepOutcome> {
    const { login } = step;
    switch (login.phase) {
      case "waiting":
        return await presentCode(step, this.#parts);
      case "issued":
        return await identifyUser(step, this.#parts);
      case "identified":
        return await placeGrant(step, this.#parts);
      case "narrower":
        return await settleNarrower(step, this.#parts);
      case "failed": {
        const outcome = await reopen(step, this.#parts);
        if (outcome !== "waits" || login.isCleared) return outcome;
        return await clearPair(step, this.#parts);
      }
      case "done":
        return login.isCleared ? "waits" : await clearPair(step, this.#parts);
    }
  }
}

/** How far a login is now. */
export interface Advanced {
  /** `null` where there is none. */
  readonly login: LoginRecord | null;
  /** Why it does not go on now. */
  readonly problem?: TokenError;
}

/** Whether a process has something to do for a login, now or later. */
export function hasWorkLeft(login: LoginRecord): boolean {
  return !isFinal(login) || !login.isCleared;
}
