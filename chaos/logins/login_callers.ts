import { jwtClaims } from "../../src/credentials/jwt_claims.ts";
import { defined } from "../../src/defined.ts";
import type { Chance } from "../../harness/chance.ts";
import { pause } from "../../harness/pause.ts";
import type { Callers } from "../callers.ts";
import type { FeishuControl } from "../feishu_control.ts";
import type { Fleet } from "../fleet.ts";
import { PASSING_ERRORS } from "../passing_errors.ts";
import type { ServerProgram } from "../server_program.ts";
import type { Question, ToolAnswer } from "../tool_answer.ts";
import type { LoginHistory, LoginUnderWay } from "./login_history.ts";
import type { Person } from "./people.ts";

const ASK_AGAIN_MS = { least: 150, most: 700 };
/** Longer than any lease or pause that a fault has left behind. */
const ASK_FOR_MS = 240_000;
/** So often the processes are asked until all of them say the same: a pair in another machine's journal may turn up. */
const ROUNDS = 6;
/** Feishu's claim when a person agreed is in whole seconds: two logins of one person are further apart. */
const APART_MS = 1_100;

/** The questions about logins, and what is noted of their answers. */
export class LoginCallers {
  readonly #options: LoginCallersOptions;

  /** For one run. */
  constructor(options: LoginCallersOptions) {
    this.#options = options;
  }

  /** Starts a login of `person` at any process but `except`, and lets them decide; `null` where the run is over. */
  async begin(
    person: Person,
    action: "approve" | "deny",
    given: AskOptions,
  ): Promise<LoginUnderWay | null> {
    const { feishu, history } = this.#options;
    const login = history.begins(person);
    const args = { user: person.openId, purpose: "chaos" };
    const started = await this.#askAny({ tool: "start_feishu_login", args }, given);
    if (started?.kind !== "started") return null;
    login.loginId = started.loginId;
    await pause(Math.max(0, person.approvedMs + APART_MS - performance.now()));
    const fromSeconds = await feishu.nowSeconds();
    person.approvedMs = performance.now();
    await feishu.decide(started.userCode, action, person.name);
    login.isDenied = action === "deny";
    if (action === "approve") {
      login.approved = { atMs: person.approvedMs, fromSeconds, toSeconds: await feishu.nowSeconds() };
    }
    return login;
  }

  /**
   * Asks one process after another how a login stands, until one has a final answer, and then all of them. Notes each
   * final answer, and whether the person's token works. A sleeper's is not asked for: a process whose clock is behind that
   * of the one that got the token would renew it.
   */
  async settle(person: Person, login: LoginUnderWay, given: AskOptions): Promise<void> {
    const { fleet } = this.#options;
    const { chance, signal } = given;
    const untilMs = performance.now() + ASK_FOR_MS;
    person.isIn = null;
    while (login.outcomes.length === 0 && performance.now() < untilMs) {
      const program = await fleet.anyAwake(chance, signal);
      if (program === null) return;
      if (!await this.finish(program, login)) await this.#aWhile(given);
    }
    if (login.outcomes.length === 0) {
      login.isGivenUp = true;
      return;
    }
    for (let round = 0; round < ROUNDS && !signal.aborted; round++) {
      const before = login.outcomes.length;
      await Promise.all(fleet.awake.map((program) => this.finish(program, login)));
      const told = new Set(login.outcomes.slice(before).map(({ text }) => text));
      if (told.size === 1) break;
      await this.#aWhile(given);
    }
    person.isIn = login.outcomes.at(-1)?.code === "done" ? true : null;
    if (person.isIn && !person.isSleeper) await this.tokenAlone(person, given);
  }

  /** Asks `program` how a login stands. Whether the answer was final. */
  async finish(program: ServerProgram, login: LoginUnderWay): Promise<boolean> {
    const askedMs = performance.now();
    const args = { login_id: login.loginId ?? "" };
    const answer = await this.#options.callers.question(program, { tool: "finish_feishu_login", args });
    const answeredMs = performance.now();
    const facts = { process: program.life.name, askedMs, answeredMs };
    if (answer.kind === "login" && answer.status !== "pending") {
      login.outcomes.push({ ...facts, code: answer.status, text: answer.text });
      return true;
    }
    if (answer.kind !== "error" || PASSING_ERRORS.has(answer.code)) return false;
    login.outcomes.push({ ...facts, code: answer.code, text: `${answer.code} ${answer.logId ?? ""}` });
    return true;
  }

  /** Asks for the token of a person with whom nothing else happens, and looks whether it works. */
  async tokenAlone(person: Person, given: AskOptions): Promise<void> {
    const { fleet } = this.#options;
    const { chance, signal } = given;
    for (const untilMs = performance.now() + ASK_FOR_MS; performance.now() < untilMs;) {
      const program = await fleet.anyAwake(chance, signal);
      if (program === null) return;
      const answer = await this.token(program, person, true);
      if (answer.kind === "user_token") return;
      if (answer.kind === "error" && !PASSING_ERRORS.has(answer.code)) {
        person.isIn = null;
        return;
      }
      await this.#aWhile(given);
    }
  }

  /** Asks `program` for the token of a person. */
  async token(program: ServerProgram, person: Person, isAlone: boolean): Promise<ToolAnswer> {
    const { callers, feishu, history } = this.#options;
    const { openId } = person;
    const askedMs = performance.now();
    const question: Question = { tool: "get_feishu_user_token", args: { user: openId } };
    const answer = await callers.question(program, question);
    const facts = { openId, process: program.life.name, askedMs, answeredMs: performance.now(), isAlone };
    if (answer.kind === "user_token") {
      const { auth_time } = jwtClaims(answer.accessToken) ?? {};
      const feishuCode = isAlone ? await feishu.userInfoCode(answer.accessToken) : undefined;
      history.token({ ...facts, authTime: Number(auth_time), ...defined({ feishuCode }) });
    } else if (answer.kind === "error") {
      history.token({ ...facts, error: answer.code, ...defined({ logId: answer.logId }) });
    }
    return answer;
  }

  /** Logs a person out, and asks two processes for their token afterwards. */
  async logOut(person: Person, given: AskOptions): Promise<void> {
    const { fleet, history } = this.#options;
    const { openId } = person;
    const askedMs = performance.now();
    person.isIn = null;
    const answer = await this.#askAny({ tool: "revoke_feishu_login", args: { user: openId } }, given);
    const isOut = answer?.kind === "logged_out" ||
      (answer?.kind === "error" && answer.code === "not_logged_in");
    if (!isOut) return;
    history.logout({ openId, askedMs, answeredMs: performance.now() });
    person.isIn = false;
    const others = given.chance.shuffled(fleet.awake).slice(0, 2);
    await Promise.all(others.map((program) => this.token(program, person, false)));
  }

  /** Asks one process after another until one has an answer that does not pass; `null` where the run is over. */
  async #askAny(question: Question, given: AskOptions): Promise<ToolAnswer | null> {
    const { callers, fleet } = this.#options;
    for (const untilMs = performance.now() + ASK_FOR_MS; performance.now() < untilMs;) {
      const program = await fleet.anyAwake(given.chance, given.signal, given.except);
      if (program === null) return null;
      const answer = await callers.question(program, question);
      const passes = answer.kind === "error" && PASSING_ERRORS.has(answer.code);
      if (!passes && answer.kind !== "killed" && answer.kind !== "none") return answer;
      await this.#aWhile(given);
    }
    return null;
  }

  async #aWhile({ chance, signal }: AskOptions): Promise<void> {
    await pause(chance.between(ASK_AGAIN_MS.least, ASK_AGAIN_MS.most), signal);
  }
}

/** Who is asked, and until when. */
export interface AskOptions {
  readonly chance: Chance;
  /** Aborted when the run is over. */
  readonly signal: AbortSignal;
  /** A process that is left alone. */
  readonly except?: ServerProgram | undefined;
}

/** What {@linkcode LoginCallers} needs. */
export interface LoginCallersOptions {
  readonly feishu: FeishuControl;
  readonly fleet: Fleet;
  readonly callers: Callers;
  readonly history: LoginHistory;
}
