import type { PairName } from "./pair_name.ts";
import { finish, rest } from "./finish.ts";
import type { Question } from "./question.ts";
import type { Point } from "./schedule_points.ts";
import type { ServerProcess } from "./server_process.ts";
import type { StatusView } from "./store_view.ts";
import { Fixture } from "./fixture.ts";
import type { World } from "./world.ts";
import type { WorldOptions } from "./world_options.ts";

/** A process that has not got there in so many steps never does. */
const MOST_STEPS = 1_000;

/** A world of which a test names every step. The invariants are checked after each, as in a walk. */
export class Schedule implements AsyncDisposable {
  readonly world: World;
  /** Whether the end is as that of a walk: every process finishes, and the outcome is checked. See {@linkcode finish}. */
  isJudged = true;
  readonly #fixture: Fixture;

  private constructor(world: World, fixture: Fixture) {
    this.world = world;
    this.#fixture = fixture;
  }

  /** P and Q on two machines, unless `options` say otherwise; both have started. */
  static async begin(options: WorldOptions = {}): Promise<Schedule> {
    const fixture = await Fixture.make();
    const world = await fixture.world(options);
    await rest(world);
    return new Schedule(world, fixture);
  }

  /** How often `token` was presented. */
  presented(token: PairName): number {
    return this.world.feishu.presentations.filter((each) => each.token === token).length;
  }

  /** The mark of `record` in the store. */
  mark(record: string): StatusView["mark"] | undefined {
    return this.world.view.record(record).status?.mark;
  }

  /** The pair that `record` holds; `null` after a logout. */
  stored(record: string): PairName | null | undefined {
    return this.world.view.record(record).token?.pair;
  }

  /** A caller presents `token` to `name`. */
  async ask(name: string, token: PairName): Promise<Question> {
    const { callers } = this.world;
    return await this.#question(name, `is asked ${token}`, (process) => callers.ask(process, token));
  }

  /** A caller presents `token` to `name`, and reports that the access token of `rejected` does not work. */
  async report(name: string, token: PairName, rejected: PairName): Promise<Question> {
    const { callers } = this.world;
    const what = `is told with ${token} that ${rejected} is rejected`;
    return await this.#question(name, what, (process) => callers.report(process, token, rejected));
  }

  async #question(
    name: string,
    what: string,
    ask: (process: ServerProcess) => Question,
  ): Promise<Question> {
    const process = this.#process(name);
    await this.world.step(process.label, what, () => void ask(process));
    const question = this.world.callers.questions.at(-1);
    if (question === undefined) throw new Error("Nobody was asked");
    return question;
  }

  /** The answer of `name` when every operation ends in its ordinary outcome: a pair, or the code of an error. */
  async answer(name: string, token: PairName): Promise<string> {
    const question = await this.ask(name, token);
    await rest(this.world);
    return outcomeOf(question);
  }

  /** The user logs in at `name`, and nothing goes wrong. */
  async logIn(name: string): Promise<PairName> {
    let pair = "";
    await this.world.step(
      "ann",
      `logs in at ${name}`,
      () => void (pair = this.world.callers.logIn(this.#process(name))),
    );
    return pair;
  }

  /** The user logs out at `name`. */
  async logOut(name: string): Promise<void> {
    await this.world.step("ann", `logs out at ${name}`, () => this.world.callers.logOut(this.#process(name)));
  }

  /** The answer of `name` while no other process goes on. */
  async answerAlone(name: string, token: PairName): Promise<string> {
    const question = await this.ask(name, token);
    await this.finishAlone(name, question);
    return outcomeOf(question);
  }

  /** Lets `name` alone go on until `question` is answered. */
  async finishAlone(name: string, question: Question): Promise<void> {
    await this.goOn(name, () => question.outcome !== undefined);
  }

  /** Lets `name` alone go on until it waits at `what`; time passes where it waits for a timer. */
  async until(name: string, what: string): Promise<void> {
    await this.goOn(name, () => this.#pointsOf(name).some((point) => point.what === what));
  }

  /** Lets `ms` milliseconds pass, in which `name` alone goes on. */
  async alone(name: string, ms: number): Promise<void> {
    const untilMs = this.world.time.elapsedMs + ms;
    for (;;) {
      const [next] = this.#pointsOf(name);
      const leftMs = untilMs - this.world.time.elapsedMs;
      if (next !== undefined) await this.world.proceed(next, next.outcomes[0] ?? "");
      else if (leftMs <= 0) return;
      else await this.pass(Math.min(this.world.time.untilDue() ?? ms, leftMs));
    }
  }

  /** Lets the operation `what` of `name` end in its ordinary outcome, or in `outcomeName`. */
  async let(name: string, what: string, outcomeName?: string): Promise<void> {
    const point = this.#point(name, what);
    await this.world.proceed(point, outcomeName ?? point.outcomes[0] ?? "");
  }

  /** {@linkcode Schedule.until} and {@linkcode Schedule.let}. */
  async get(name: string, what: string, outcomeName?: string): Promise<void> {
    await this.until(name, what);
    await this.let(name, what, outcomeName);
  }

  /** Lets time pass for every process. */
  async pass(ms: number): Promise<void> {
    await this.world.step("time", `passes: ${Math.round(ms)} ms`, () => this.world.pass(ms));
  }

  /** Kills `name`. */
  async kill(name: string): Promise<void> {
    await this.world.step(name, "is killed", () => this.world.kill(this.#process(name)));
  }

  /** Starts `name` again, and nothing goes wrong. */
  async restart(name: string): Promise<void> {
    await this.world.step(name, "starts again", () => this.world.restart(name));
  }

  /** Deletes the store, or puts back what it was when `backup` was taken. */
  async takeBack(backup: Parameters<World["takeBack"]>[0] = new Map()): Promise<void> {
    await this.world.step("store", "goes back", () => this.world.takeBack(backup));
  }

  /** Lets every process finish what is under way. */
  async rest(): Promise<void> {
    await rest(this.world);
  }

  /** Finishes as a walk does, unless {@linkcode Schedule.isJudged} is `false`, and clears the fixture. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.isJudged) await finish(this.world);
    } finally {
      await this.#fixture[Symbol.asyncDispose]();
    }
  }

  /** Lets `name` alone go on until `isThere` says so; time passes where it waits for a timer. */
  async goOn(name: string, isThere: () => boolean): Promise<void> {
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      if (isThere()) return;
      const [next] = this.#pointsOf(name);
      const dueMs = this.world.time.untilDue();
      if (next !== undefined) await this.world.proceed(next, next.outcomes[0] ?? "");
      else if (dueMs !== undefined) await this.pass(dueMs);
      else break;
    }
    throw new Error(`${name} never gets there\n${this.world.trace}`);
  }

  #pointsOf(name: string): Point[] {
    const { label } = this.#process(name);
    return this.world.points.open.filter(({ waiter }) => waiter.label === label);
  }

  #process(name: string): ServerProcess {
    return this.world.process(name);
  }

  #point(name: string, what: string): Point {
    const found = this.world.points.open.find((point) =>
      point.what === what && point.waiter.label.split(".")[0] === name
    );
    if (found === undefined) throw new Error(`${name} does not wait at "${what}"\n${this.world.trace}`);
    return found;
  }
}

/** How `question` was answered: a pair, or the code of an error. */
export function outcomeOf({ outcome }: Question): string {
  switch (outcome?.kind) {
    case undefined:
      return "not yet";
    case "pair":
      return outcome.pair;
    case "failed":
      return outcome.error.code;
    case "broken":
      return String(outcome.error);
  }
}
