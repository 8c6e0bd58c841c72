import { TokenError } from "../../src/errors/token_error.ts";
import type { AppCredentials } from "../../src/ports/feishu.ts";
import type { ReplacementToken, UserTokenResult } from "../../src/ports/tokens.ts";
import { Secret } from "../../src/secret.ts";
import { Answers } from "./answers.ts";
import type { LoginAction } from "./login_action.ts";
import { APP_RECORD, isLater, loginOf, type PairName } from "./pair_name.ts";
import type { Outcome, Question } from "./question.ts";
import type { ServerProcess } from "./server_process.ts";
import { issued } from "./wire_answers.ts";
import type { World } from "./world.ts";

/** What a caller wants an app token to have left, in milliseconds. */
const MIN_TTL_MS = 300_000;

/** A failure, as a caller meets it. */
type Failure = Exclude<Outcome, { readonly kind: "pair" }>;

/** All who ask the processes for something: callers with refresh tokens, and the user who logs in and out. */
export class Callers {
  readonly questions: Question[] = [];
  readonly actions: LoginAction[] = [];
  /** Every refresh token that a caller has. */
  readonly tokens = new Set<PairName>();
  /** The oldest pair that later answers may have, by what earlier calls were answered. */
  readonly answers = new Answers();
  readonly #world: World;
  readonly #credentials: AppCredentials;
  readonly #logins = new Set<string>();

  /** Of `world`, whose app has these credentials. */
  constructor(world: World, credentials: AppCredentials) {
    this.#world = world;
    this.#credentials = credentials;
  }

  /** Whether `token` comes from a login of the user, and not from a caller. */
  isUsers(token: PairName): boolean {
    return this.#logins.has(loginOf(token));
  }

  /**
   * A caller presents `token` to `process`; where it is one of the user's, it asks for another pair than that one; where
   * it is {@linkcode APP_RECORD}, for an app token.
   */
  ask(process: ServerProcess, token: PairName): Question {
    process.learned(`asked ${token}`);
    const answered = token === APP_RECORD
      ? this.#appToken(process)
      : this.isUsers(token)
      ? this.#renew(process, token)
      : this.#refresh(process, token);
    return this.#question(process, token, answered);
  }

  /** A caller presents `token` to `process` and reports that the access token of `rejected`, of its chain, does not work. */
  report(process: ServerProcess, token: PairName, rejected: PairName): Question {
    process.learned(`told ${token} ${rejected}`);
    return this.#question(process, token, this.#replace(process, token, rejected), rejected);
  }

  /** The newest pair that a caller has of the chain of `token`. */
  newest(token: PairName): PairName {
    return [...this.tokens].reduce((newest, each) => isLater(each, newest) ? each : newest, token);
  }

  #question(
    process: ServerProcess,
    token: PairName,
    answered: Promise<Outcome>,
    rejected?: PairName,
  ): Question {
    const { takeBacks } = this.#world;
    const atLeast = this.answers.atLeast(process, token);
    const question: Question = {
      process,
      token,
      atLeast,
      takeBacks,
      ...(rejected === undefined ? {} : { rejected }),
    };
    this.questions.push(question);
    whenOver(process, answered, (outcome) => this.#answered(question, outcome));
    return question;
  }

  /** The user logs in at `process`. */
  logIn(process: ServerProcess): PairName {
    process.learned("log in");
    const pair = this.#world.feishu.books.login();
    this.#logins.add(loginOf(pair));
    const origin = this.#world.options.hasClaims === true ? this.#world.originOf(pair) : {};
    const kept = process.started.then(({ grants }) =>
      grants.login(issued(pair, process.clock.now()), origin)
    );
    this.#run({ process, pair }, kept.then(({ place }) => place !== "in memory" && place !== "ended"));
    return pair;
  }

  /** The user logs out at `process`. */
  logOut(process: ServerProcess): void {
    process.learned("log out");
    this.#run({ process }, process.started.then(({ grants }) => grants.logout()).then(() => true));
  }

  async #appToken(process: ServerProcess): Promise<Outcome> {
    const { tokens } = await process.started;
    const { accessToken } = await tokens.appToken(this.#credentials, MIN_TTL_MS, { log: process.log });
    return { kind: "pair", pair: accessToken.reveal(), hasDoubts: false };
  }

  async #refresh(process: ServerProcess, token: PairName): Promise<Outcome> {
    const { tokens } = await process.started;
    const call = { log: process.log };
    return pairOutcome(await tokens.refreshUserToken(this.#credentials, new Secret(token), call));
  }

  async #replace(process: ServerProcess, token: PairName, rejected: PairName): Promise<Outcome> {
    const { tokens } = await process.started;
    const { accessToken } = issued(rejected, 0);
    const reported = { accessToken, refreshToken: new Secret(token) };
    return pairOutcome(await tokens.replaceRejected(this.#credentials, reported, { log: process.log }));
  }

  async #renew(process: ServerProcess, token: PairName): Promise<Outcome> {
    const { grants } = await process.started;
    const feishu = this.#world.feishu.port(process, process.clock);
    const request = { endpoint: "v2", credentials: this.#credentials } as const;
    const { record, isDurable } = await grants.renew(
      (refreshToken, timeoutMs) => feishu.refreshUserToken({ ...request, refreshToken, timeoutMs }),
      token,
    );
    return { kind: "pair", pair: record.token.refreshToken?.reveal() ?? "nothing", hasDoubts: !isDurable };
  }

  #answered(question: Question, outcome: Outcome): void {
    question.outcome = outcome;
    if (outcome.kind === "pair" && question.token !== APP_RECORD) this.tokens.add(outcome.pair);
    const text = outcome.kind === "pair" ? outcome.pair : String(outcome.error);
    this.#world.trace.add(question.process.label, `answers ${question.token} with ${text}`);
    this.answers.ended(question, this.#world);
    this.#world.invariants.ended(question);
  }

  #run(action: LoginAction, kept: Promise<boolean>): void {
    this.actions.push(action);
    const { process, pair } = action;
    const done = kept.then((isKept) => ({ kind: "done", isKept }) as const);
    whenOver(process, done, (outcome) => {
      action.outcome = outcome;
      const text = outcome.kind === "done" ? (outcome.isKept ? "ok" : "not kept") : String(outcome.error);
      this.#world.trace.add(
        process.label,
        `ends the ${pair === undefined ? "logout" : `login ${pair}`}: ${text}`,
      );
      if (outcome.kind === "done" && pair !== undefined) this.tokens.add(pair);
      this.#world.invariants.actionEnded(action);
    });
  }
}

function pairOutcome({ refreshToken, warning }: UserTokenResult | ReplacementToken): Outcome {
  const hasDoubts = warning?.code === "store_unavailable";
  const isSame = warning?.code === "same_token_returned";
  return { kind: "pair", pair: refreshToken?.reveal() ?? "nothing", hasDoubts, isSame };
}

/** Tells `then` how `work` of `process` has ended, unless that was killed meanwhile. */
function whenOver<T>(process: ServerProcess, work: Promise<T>, then: (outcome: T | Failure) => void): void {
  const over = work.catch((error: unknown): Failure =>
    error instanceof TokenError ? { kind: "failed", error } : { kind: "broken", error }
  );
  over.then((outcome) => {
    if (process.isAlive) then(outcome);
  });
}
