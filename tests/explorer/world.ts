import type { AppCredentials } from "../../src/ports/feishu.ts";
import type { AppKeys } from "../../src/store/sealing/keyring.ts";
import { Secret } from "../../src/secret.ts";
import { CLAIM_DEADLINE_MS } from "../../src/tokens/renewal/limits.ts";
import { SeededRandom } from "../sandbox/seeded_random.ts";
import { Callers } from "./callers.ts";
import { digest } from "./digest.ts";
import { TransparentKeyring } from "./transparent_keyring.ts";
import { History } from "./history.ts";
import { Invariants } from "./invariants.ts";
import { LoginHistory, PEOPLE } from "./logins/login_history.ts";
import { People } from "./logins/people.ts";
import { Machine } from "./machine.ts";
import { processKv } from "./process_kv.ts";
import { APP_RECORD, loginOf, type PairName } from "./pair_name.ts";
import { type Point, SchedulePoints, type Waiter } from "./schedule_points.ts";
import { SerialWork } from "./serial_work.ts";
import { ServerProcess, USER } from "./server_process.ts";
import { type Backup, SharedKv } from "./shared_kv.ts";
import { SimulatedFeishu } from "./simulated_feishu.ts";
import { StoreView } from "./store_view.ts";
import { Trace } from "./trace.ts";
import { START_MS, VirtualTime } from "./virtual_time.ts";
import type { LoginOrigin } from "../support/grant_engine.ts";
import { TWO_MACHINES, type WorldOptions } from "./world_options.ts";
import { surroundingsOf } from "./world_state.ts";

/** What a world is made from. */
export interface WorldParts {
  readonly kv: Deno.Kv;
  readonly folder: string;
  readonly keys: AppKeys;
}

/** When a process gives up a read, in milliseconds. */
const READ_DEADLINE_MS = 5_000;
const APP: AppCredentials = { brand: "feishu", appId: "cli_a", appSecret: new Secret("s") };

/**
 * Server processes on one store and one Feishu, with everything between them under the schedule's control. Nothing moves
 * but by {@linkcode World.step}; after it every process waits again, and the invariants have been checked.
 */
export class World {
  readonly time = new VirtualTime();
  readonly points = new SchedulePoints(() => this.time.elapsedMs);
  readonly kv: SharedKv;
  readonly view: StoreView;
  readonly feishu: SimulatedFeishu;
  readonly options: WorldOptions;
  readonly trace = new Trace(() => this.time.elapsedMs);
  readonly callers: Callers;
  readonly people: People;
  readonly loginHistory: LoginHistory = new LoginHistory(this);
  /** The latest run of each process, by its name. */
  readonly processes = new Map<string, ServerProcess>();
  readonly invariants: Invariants;
  /** Copies of the store, the oldest first. */
  readonly backups: Backup[] = [];
  /** What {@linkcode SharedKv.version} was when time last passed. */
  versionAtPass = -1;
  /** How often the store was taken back. */
  takeBacks = 0;
  readonly history = new History(() => this.time.elapsedMs);
  readonly #runs: ServerProcess[] = [];
  readonly #work = new SerialWork();
  readonly #keyring: TransparentKeyring;
  readonly #machines = new Map<string, Machine>();
  readonly #parts: WorldParts;

  private constructor(parts: WorldParts, options: WorldOptions) {
    this.#parts = parts;
    this.options = options;
    this.kv = new SharedKv(parts.kv);
    this.#keyring = new TransparentKeyring(parts.keys, this.#work);
    this.view = new StoreView(this.kv, this.#keyring);
    this.invariants = new Invariants(this);
    this.callers = new Callers(this, APP);
    this.people = new People(this, APP);
    this.feishu = new SimulatedFeishu({
      points: this.points,
      elapsedMs: () => this.time.elapsedMs,
      onSend: (presentation) => this.invariants.sent(presentation),
      onAppCall: (call) => this.invariants.appCall(call),
      hasGrace: options.hasGrace ?? false,
      logins: options.logins,
      onRevoke: (revocation) => this.invariants.revoked(revocation),
    });
  }

  /** A new world in which every process has started. */
  static async begin(parts: WorldParts, options: WorldOptions): Promise<World> {
    const world = new World(parts, options);
    if (!options.hasUser && options.logins === undefined) {
      world.callers.tokens.add(world.feishu.books.login());
    }
    if (options.asksForApp) world.callers.tokens.add(APP_RECORD);
    for (const name of Object.keys(options.processes ?? TWO_MACHINES)) world.#start(name, name);
    await world.#settle();
    return world;
  }

  /**
   * What a login that happens now brings beside its pair: claims, by Feishu's clock and different for each, and the version
   * that its own record has.
   */
  originOf(pair: PairName): LoginOrigin {
    const login = loginOf(pair);
    this.history.begins(pair);
    const timeS = Math.floor(START_MS / 1_000 + this.time.elapsedMs / 1_000) + login.charCodeAt(0);
    return { auth: { id: login, timeS }, began: this.kv.currentVersion };
  }

  /** Ends the operation at one point in `outcomeName`. */
  async proceed(point: Point, outcomeName: string): Promise<void> {
    this.history.last = { point, outcomeName };
    if (point.what === "clear the journal" && outcomeName === "fails") {
      this.loginHistory.uncleared.add(this.run(point.waiter).machine);
    }
    if (isRead(point) && outcomeName !== point.outcomes[0]) this.people.doubt(this.run(point.waiter));
    if (this.options.knowsStates) {
      this.run(point.waiter).learned(`${point.what} ${outcomeName} ${surroundingsOf(this)}`);
    }
    const dead = point.waiter.isAlive ? "" : " (dead)";
    await this.step(
      `${point.waiter.label}${dead}`,
      `${point.what}: ${outcomeName}`,
      () => point.proceed(outcomeName),
    );
    this.history.last = undefined;
  }

  /** Does one thing, and lets every process go on until all wait again. */
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
    const person = this.feishu.logins.familyOf(token)?.person;
    return person ?? (this.callers.isUsers(token) ? USER : token);
  }

  /** Whether `record` is the user's grant, not a link of a caller's chain. */
  isGrant(record: string): boolean {
    return PEOPLE.includes(record);
  }

  /** Whether wall clocks differ, so that one process sees a token end when others do not. */
  get hasSkew(): boolean {
    return Object.values(this.options.processes ?? TWO_MACHINES).some(({ wallMs = 0 }) => wallMs !== 0);
  }

  /** The runs that live. */
  get alive(): ServerProcess[] {
    return [...this.processes.values()].filter(({ isAlive }) => isAlive);
  }

  /** Whether the store was ever taken back: some invariants are weaker then. */
  get isTakenBack(): boolean {
    return this.takeBacks > 0;
  }

  /** Kills `process`. Commits and requests that had left it may still arrive. */
  kill(process: ServerProcess): void {
    process.isAlive = false;
    this.points.prune();
  }

  /** Starts the process called `name` again, with an empty memory and its machine's journal. */
  restart(name: string): void {
    const [, run = "1"] = this.process(name).label.split(".");
    this.#start(name, `${name}.${Number(run) + 1}`);
  }

  /** Puts a copy of the store back; an empty one deletes it. */
  async takeBack(backup: Backup): Promise<void> {
    await this.kv.restore(backup);
    this.takeBacks++;
    this.history.tookBack();
    this.callers.answers.forget();
  }

  /** Lets time pass. */
  pass(ms: number): void {
    this.versionAtPass = this.kv.version;
    for (const point of this.points.open) {
      const isGivenUp = this.time.elapsedMs + ms - point.sinceMs >= READ_DEADLINE_MS;
      if (isRead(point) && isGivenUp) this.people.doubt(this.run(point.waiter));
    }
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
          tamper: options.tamper,
          onIssue: (operation) => this.invariants.issued(process, operation),
          onLand: (operation, before) => this.invariants.landed(process, operation, before),
          onLie: (operation, atMs) => {
            // A process that has given up does not hear it. A claim that met a lock is tried anew within the same deadline.
            const firstMs = this.history.claims.get(operation.sets.lease?.nonce ?? "")?.atMs ?? atMs;
            const isHeard = process.isAlive && elapsedMs() - firstMs < CLAIM_DEADLINE_MS;
            if (isHeard && (operation.kind === "claim" || operation.kind === "commit")) {
              this.history.lies.add({ process, operation, atMs, before: new Set(points.open) });
            }
          },
        }),
      keyring: this.#keyring,
      points,
      feishu,
      credentials: APP,
      elapsedMs,
      isAlive: (other) => this.alive.some((each) => each.label === other),
      looksWait: options.looksWait ?? false,
      hasLogins: options.logins !== undefined,
      refreshEndpoint: options.needsAppToken ? "oidc" : "v2",
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
      machine = new Machine(name, folder, this.view, this.#keyring);
      this.#machines.set(name, machine);
    }
    return machine;
  }

  async #settle(): Promise<void> {
    for (;;) {
      await this.#work.idle();
      const [next] = this.points.open.filter(({ isAutomatic }) => isAutomatic);
      if (next === undefined) return;
      await next.proceed(next.outcomes[0] ?? "");
    }
  }
}

/** Whether a point is a read of the store. */
function isRead({ what }: Point): boolean {
  return what.startsWith("read ") || what.startsWith("list ");
}
