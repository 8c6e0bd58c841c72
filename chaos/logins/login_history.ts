import type {
  Approval,
  LoginOutcome,
  ObservedLogin,
  ObservedLogins,
  ObservedLogout,
  ObservedUserToken,
} from "../checker/observed_logins.ts";
import type { Person } from "./people.ts";

/** A login that goes on. */
export interface LoginUnderWay extends ObservedLogin {
  loginId?: string;
  approved?: Approval;
  isDenied: boolean;
  /** Whether no process had a final answer for so long that nobody asks any more. */
  isGivenUp?: boolean;
  readonly outcomes: LoginOutcome[];
}

/** What callers did with logins, and were told of them. */
export class LoginHistory {
  readonly #logins: LoginUnderWay[] = [];
  readonly #tokens: ObservedUserToken[] = [];
  readonly #logouts: ObservedLogout[] = [];

  /** A login of `person` is about to be asked for. */
  begins({ openId }: Person): LoginUnderWay {
    const login: LoginUnderWay = { openId, startedMs: performance.now(), isDenied: false, outcomes: [] };
    this.#logins.push(login);
    return login;
  }

  /** A question for a token was answered. */
  token(answer: ObservedUserToken): void {
    this.#tokens.push(answer);
  }

  /** A logout was answered. */
  logout(logout: ObservedLogout): void {
    this.#logouts.push(logout);
  }

  /** The newest login of a person. */
  lastOf({ openId }: Person): LoginUnderWay | undefined {
    return this.#logins.findLast((login) => login.openId === openId);
  }

  /** How many there were of each. */
  get counts(): { readonly logins: number; readonly tokens: number; readonly logouts: number } {
    return {
      logins: this.#logins.length,
      tokens: this.#tokens.filter(({ error }) => error === undefined).length,
      logouts: this.#logouts.length,
    };
  }

  /** For the checker. */
  observed(facts: Omit<ObservedLogins, "logins" | "tokens" | "logouts">): ObservedLogins {
    return { ...facts, logins: this.#logins, tokens: this.#tokens, logouts: this.#logouts };
  }
}
