import { TokenError } from "../../src/errors/token_error.ts";
import type { AppCredentials } from "../../src/ports/feishu.ts";
import type { AppKeys } from "../../src/store/keyring.ts";
import { Secret } from "../../src/secret.ts";
import { CLAIM_DEADLINE_MS } from "../../src/tokens/constants.ts";
import { SeededRandom } from "../sandbox/seeded_random.ts";
import { Answers } from "./answers.ts";
import { digest } from "./digest.ts";
import type { Errand } from "./errand.ts";
import { GlassKeyring } from "./glass_keyring.ts";
import { History } from "./history.ts";
import { Invariants } from "./invariants.ts";
import { Machine } from "./machine.ts";
import { loginOf, type PairName } from "./pair_name.ts";
import { type DroppedCheck, processKv } from "./process_kv.ts";
import type { Outcome, Question } from "./question.ts";
import { type Point, SchedulePoints, type Waiter } from "./schedule_points.ts";
import { SerialWork } from "./serial_work.ts";
import { ServerProcess, USER } from "./server_process.ts";
import { type Backup, SharedKv } from "./shared_kv.ts";
import { issued, SimulatedFeishu } from "./simulated_feishu.ts";
import { StoreView } from "./store_view.ts";
import { Trace } from "./trace.ts";
import { type ClockOffsets, VirtualTime } from "./virtual_time.ts";

/** Where a process runs. */
export interface ProcessPlace extends ClockOffsets {
  /** Processes that name the same machine share its journal. */
  readonly machine: string;
}

/** The shape of a world. */
export interface WorldOptions {
  /** Of nonces and jitter. */
  readonly seed?: number;
  /** By name. */
  readonly processes?: Readonly<Record<string, ProcessPlace>>;
  /** Machines without a disk that outlives a process. */
  readonly withoutJournal?: readonly string[];
  readonly looksWait?: boolean;
  readonly hasGrace?: boolean;
  /** Whether this is about a user who logs in and out, rather than about a caller who holds a refresh token. */
  readonly hasUser?: boolean;
  readonly dropped?: DroppedCheck | undefined;
  /** Whether {@linkcode World.state} is wanted, which takes time. */
  readonly knowsStates?: boolean;
}

/** What a world is made on. */
export interface WorldParts {
  readonly kv: Deno.Kv;
  readonly folder: string;
  readonly keys: AppKeys;
}

const TWO_MACHINES: Readonly<Record<string, ProcessPlace>> = { P: { machine: "m1" }, Q: { machine: "m2" } };

/**
 * Server processes on one store and one Feishu, with everything between them under the schedule's control. Nothing moves
 * but by {@linkcode World.step}; after it every process waits again, and the invariants have been looked at.
 */
export class World {
  readonly credentials: AppCredentials = { brand: "feishu", appId: "cli_a", appSecret: new Secret("s") };
  readonly time = new VirtualTime();
  readonly points = new SchedulePoints(() => this.time.elapsedMs);
  readonly kv: SharedKv;
  readonly view: StoreView;
  readonly feishu: SimulatedFeishu;
  readonly options: WorldOptions;
  readonly trace = new Trace(() => this.time.elapsedMs);
  readonly questions: Question[] = [];
  readonly errands: Errand[] = [];
  readonly answers = new Answers();
  /** The latest run of each process, by its name. */
  readonly processes = new Map<string, ServerProcess>();
  readonly invariants: Invariants;
  /** Copies of the store, the oldest first. */
  readonly backups: Backup[] = [];
  /** Every refresh token that a caller has. */
  readonly tokens = new Set<PairName>();
  /** Every token that was presented to a process. */
  readonly asked = new Set<PairName>();
  /** What {@linkcode SharedKv.version} was when time last passed. */
  versionAtPass = -1;
  /** How often the store was taken back. */
  takeBacks = 0;
  readonly history = new History(() => this.time.elapsedMs);
  /** The logins of the user. */
  readonly #grantLogins = new Set<string>();
  readonly #runs: ServerProcess[] = [];
  readonly #work = new SerialWork();
  readonly #glass: GlassKeyring;
  readonly #machines = new Map<string, Machine>();
  readonly #parts: WorldParts;

  private constructor(parts: WorldParts, options: WorldOptions) {
    this.#parts = parts;
    this.options = options;
    this.kv = new SharedKv(parts.kv);
    this.#glass = new GlassKeyring(parts.keys, this.#work);
    this.view = new StoreView(this.kv, this.#glass);
    this.invariants = new Invariants(this);
    this.feishu = new SimulatedFeishu({
      points: this.points,
      elapsedMs: () => this.time.elapsedMs,
      onSend: (presentation) => this.invariants.sent(presentation),
      hasGrace: options.hasGrace ?? false,
    });
  }

  /** A new world in which every process has started. */
  static async begin(parts: WorldParts, options: WorldOptions): Promise<World> {
    const world = new World(parts, options);
    if (!options.hasUser) world.tokens.add(world.feishu.books.login());
    for (const name of Object.keys(options.processes ?? TWO_MACHINES)) world.#start(name, name);
    await world.#settle();
    return world;
  }

  /** Lets one point go on as `fate` says. */
  async proceed(point: Point, fate: string): Promise<void> {
    this.history.last = { point, fate };
    if (this.options.knowsStates) {
      this.run(point.waiter).learned(`${point.what} ${fate} ${this.#surroundings()}`);
    }
    const dead = point.waiter.isAlive ? "" : " (dead)";
    await this.step(`${point.waiter.label}${dead}`, `${point.what}: ${fate}`, () => point.proceed(fate));
    this.history.last = undefined;
  }

  /** A number for everything that can make a difference to what happens next. Needs `knowsStates`. */
  get state(): number {
    const processes = [...this.processes].map(([name, { state, isAlive }]) => `${name} ${state} ${isAlive}`);
    const points = this.points.open.map(({ waiter, what, sinceMs }) => `${waiter.label} ${what} ${sinceMs}`);
    return digest([...processes, ...points.toSorted(), this.#surroundings()].join());
  }

  #surroundings(): string {
    const cells = [...this.kv.cells].map(([key, { version }]) => `${key} ${version}`);
    const presented = this.feishu.presentations.map((each) => JSON.stringify({ ...each, by: each.by.label }));
    const noted = [...this.#machines.values()].flatMap((machine) =>
      machine.notes().map(({ pair }) => `${machine.name} ${pair.pair}`)
    );
    return [
      this.time.elapsedMs,
      ...cells.toSorted(),
      ...presented,
      ...this.feishu.books.live,
      ...noted.toSorted(),
    ].join();
  }

  /** Does one thing, and lets everybody go on until they all wait again. */
  async step(who: string, what: string, does: () => void | Promise<void>): Promise<void> {
    this.trace.add(who, what);
    await does();
    await this.#settle();
    this.invariants.stepped();
    this.invariants.assertHeld();
  }

  /** The latest run of the process called `name`. */
  process(name: string): ServerProcess {
    const found = this.processes.get(name);
    if (found === undefined) throw new RangeError(`No process ${name}`);
    return found;
  }

  /** The process that waits as `waiter`. */
  run(waiter: Waiter): ServerProcess {
    const found = this.#runs.find((each) => each === waiter);
    if (found === undefined) throw new RangeError(`No process ${waiter.label}`);
    return found;
  }

  /** The machines. */
  get machines(): Iterable<Machine> {
    return this.#machines.values();
  }

  /** The record of which a renewal presents `token`. */
  recordOf(token: PairName): string {
    return this.#grantLogins.has(loginOf(token)) ? USER : token;
  }

  /** Whether `record` is the user's grant, not a link of a caller's chain. */
  isGrant(record: string): boolean {
    return record === USER;
  }

  /** The runs that live. */
  get alive(): ServerProcess[] {
    return [...this.processes.values()].filter(({ isAlive }) => isAlive);
  }

  /**
   * A caller presents `token` to `process`, or, where it is one of the user's, asks for another pair than that one.
   */
  ask(process: ServerProcess, token: PairName): Question {
    process.learned(`asked ${token}`);
    const question: Question = {
      process,
      token,
      atLeast: this.answers.atLeast(process, token),
      takeBacks: this.takeBacks,
    };
    this.questions.push(question);
    this.asked.add(token);
    const answered = this.isGrant(this.recordOf(token))
      ? this.#renew(process, token)
      : this.#refresh(process, token);
    this.#whenOver(process, answered, (outcome) => this.#ended(question, outcome));
    return question;
  }

  /** The user logs in at `process`. */
  logIn(process: ServerProcess): PairName {
    process.learned("log in");
    const pair = this.feishu.books.login();
    this.#grantLogins.add(loginOf(pair));
    const errand: Errand = { process, pair };
    const kept = process.started.then(({ grants }) => grants.login(issued(pair, process.clock.now())));
    this.#errand(errand, kept.then(({ durable }) => durable));
    return pair;
  }

  /** The user logs out at `process`. */
  logOut(process: ServerProcess): void {
    process.learned("log out");
    this.#errand({ process }, process.started.then(({ grants }) => grants.logout()).then(() => true));
  }

  /** Whether the store was ever taken back: some promises are not given then. */
  get isTakenBack(): boolean {
    return this.takeBacks > 0;
  }

  /** Ends `process` without a word. What had left it may still arrive. */
  kill(process: ServerProcess): void {
    process.isAlive = false;
    this.points.prune();
  }

  /** Starts the process called `name` anew, with nothing but what its machine's disk holds. */
  restart(name: string): void {
    const [, run = "1"] = this.process(name).label.split(".");
    this.#start(name, `${name}.${Number(run) + 1}`);
  }

  /** Puts a copy of the store back; an empty one deletes it. */
  async takeBack(backup: Backup): Promise<void> {
    await this.kv.restore(backup);
    this.takeBacks++;
    this.answers.forget();
  }

  /** Lets time pass. */
  pass(ms: number): void {
    this.versionAtPass = this.kv.version;
    this.time.pass(Math.min(ms, this.feishu.mustLeaveByMs - this.time.elapsedMs));
    this.points.prune();
  }

  #start(name: string, label: string): void {
    const { points, feishu, options } = this;
    const elapsedMs = (): number => this.time.elapsedMs;
    const place = (options.processes ?? TWO_MACHINES)[name];
    if (place === undefined) throw new RangeError(`No process ${name}`);
    const process = new ServerProcess({
      label,
      machine: this.#machine(place.machine),
      clock: (isAlive, onWake) => this.time.clock(place, isAlive, onWake),
      random: new SeededRandom(digest(label, options.seed ?? 1)),
      kv: (waiter) =>
        processKv({
          waiter,
          kv: this.kv,
          view: this.view,
          points,
          elapsedMs,
          dropped: options.dropped,
          onIssue: (operation) => this.invariants.issued(process, operation),
          onLand: (operation, before) => this.invariants.landed(process, operation, before),
          onLie: (operation, atMs) => {
            // Whoever has given up does not hear it.
            const isHeard = process.isAlive && elapsedMs() - atMs < CLAIM_DEADLINE_MS;
            if (isHeard && (operation.kind === "claim" || operation.kind === "commit")) {
              this.history.lies.add({ process, operation, atMs });
            }
          },
        }),
      keyring: this.#glass,
      points,
      feishu,
      credentials: this.credentials,
      elapsedMs,
      isAlive: (other) => this.alive.some((each) => each.label === other),
      looksWait: options.looksWait ?? false,
    });
    this.#runs.push(process);
    this.processes.set(name, process);
  }

  #machine(name: string): Machine {
    let machine = this.#machines.get(name);
    if (machine === undefined) {
      const hasJournal = !(this.options.withoutJournal ?? []).includes(name);
      const folder = hasJournal ? `${this.#parts.folder}/${name}` : null;
      if (folder !== null) Deno.mkdirSync(folder);
      machine = new Machine(name, folder, this.view, this.#glass);
      this.#machines.set(name, machine);
    }
    return machine;
  }

  async #refresh(process: ServerProcess, token: PairName): Promise<Outcome> {
    const { tokens } = await process.started;
    const call = { log: process.log };
    const { refreshToken, warning } = await tokens.refreshUserToken(
      this.credentials,
      new Secret(token),
      call,
    );
    const hasDoubts = warning?.code === "store_unavailable";
    return { kind: "pair", pair: refreshToken?.reveal() ?? "nothing", hasDoubts };
  }

  async #renew(process: ServerProcess, token: PairName): Promise<Outcome> {
    const { grants } = await process.started;
    const { credentials } = this;
    const feishu = this.feishu.port(process, process.clock);
    const { record, durable } = await grants.renew(
      (refreshToken, timeoutMs) =>
        feishu.refreshUserToken({ endpoint: "v2", credentials, refreshToken, timeoutMs }),
      token,
    );
    return { kind: "pair", pair: record.token.refreshToken?.reveal() ?? "nothing", hasDoubts: !durable };
  }

  #errand(errand: Errand, kept: Promise<boolean>): void {
    this.errands.push(errand);
    const done = kept.then((isKept): NonNullable<Errand["outcome"]> => ({ kind: "done", isKept }));
    this.#whenOver(errand.process, done, (outcome) => {
      errand.outcome = outcome;
      const text = outcome.kind === "done" ? (outcome.isKept ? "ok" : "not kept") : String(outcome.error);
      this.trace.add(
        errand.process.label,
        `ends the ${errand.pair ? `login ${errand.pair}` : "logout"}: ${text}`,
      );
      if (outcome.kind === "done" && errand.pair !== undefined) this.tokens.add(errand.pair);
      this.invariants.errandEnded(errand);
    });
  }

  /** Tells `then` how `work` of `process` has ended, unless that was killed meanwhile. */
  #whenOver<T>(
    process: ServerProcess,
    work: Promise<T>,
    then: (
      outcome: T | { readonly kind: "failed"; readonly error: TokenError } | {
        readonly kind: "broken";
        readonly error: unknown;
      },
    ) => void,
  ): void {
    work.catch((error: unknown) =>
      error instanceof TokenError ? { kind: "failed" as const, error } : { kind: "broken" as const, error }
    ).then((outcome) => {
      if (process.isAlive) then(outcome);
    });
  }

  #ended(question: Question, outcome: Outcome): void {
    question.outcome = outcome;
    if (outcome.kind === "pair") this.tokens.add(outcome.pair);
    const text = outcome.kind === "pair" ? outcome.pair : String(outcome.error);
    this.trace.add(question.process.label, `answers ${question.token} with ${text}`);
    this.answers.ended(question, this);
    this.invariants.ended(question);
  }

  async #settle(): Promise<void> {
    for (;;) {
      await this.#work.idle();
      const [next] = this.points.open.filter(({ isAutomatic }) => isAutomatic);
      if (next === undefined) return;
      await next.proceed(next.fates[0] ?? "");
    }
  }
}
