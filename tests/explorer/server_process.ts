import { defined } from "../../src/defined.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { AppCredentials, RefreshEndpoint } from "../../src/ports/feishu.ts";
import type { Random } from "../../src/ports/random.ts";
import type { TokenService } from "../../src/ports/tokens.ts";
import type { Keyring } from "../../src/store/sealing/keyring.ts";
import { keyedFingerprints } from "../../src/store/sealing/keyed_fingerprints.ts";
import { OneHandle } from "../../src/store/kv/kv_database.ts";
import { DenoKv } from "../../src/store/kv/deno_kv.ts";
import { KvRecordStore } from "../../src/store/records/kv_record_store.ts";
import { replayJournal } from "../../src/store/journal/replay_journal.ts";
import { KvSealedValues } from "../../src/store/values/kv_sealed_values.ts";
import { type CreatedLogins, createLogins } from "../../src/login/create_logins.ts";
import type { SealedValues, ValueForm } from "../../src/ports/sealed_values.ts";
import { GrantIndex, INDEX_VALUES } from "../../src/tokens/grants/grant_index.ts";
import { createTokenEngine } from "../../src/tokens/token_engine.ts";
import { createTokenService } from "../../src/tokens/token_service.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { Knowledge } from "./knowledge.ts";
import { GrantEngine } from "../support/grant_engine.ts";
import { digest } from "./digest.ts";
import type { Machine } from "./machine.ts";
import type { SchedulePoints, Waiter } from "./schedule_points.ts";
import { ScheduledJournal } from "./scheduled_journal.ts";
import type { SimulatedFeishu } from "./simulated_feishu.ts";

/** What {@linkcode ServerProcess} needs. */
export interface ServerProcessOptions {
  /** For the trace: `P`, after a restart `P.2`. */
  readonly label: string;
  readonly machine: Machine;
  /** A process's clocks, which stand still once `isAlive` says no. */
  readonly clock: (isAlive: () => boolean, onWake: () => void) => Clock;
  readonly random: Random;
  /** The database as `waiter` reaches it. */
  readonly kv: (waiter: Waiter) => Deno.Kv;
  readonly keyring: Keyring;
  readonly points: SchedulePoints;
  readonly feishu: SimulatedFeishu;
  readonly credentials: AppCredentials;
  readonly elapsedMs: () => number;
  /** Whether the process with this label lives. */
  readonly isAlive: (label: string) => boolean;
  readonly looksWait: boolean;
  readonly refreshEndpoint: RefreshEndpoint;
  /** Whether it serves whole logins. */
  readonly hasLogins: boolean;
}

/** The engines of a process that has started. */
export interface Engines {
  readonly tokens: TokenService;
  /** Of the only user, {@linkcode USER}. */
  readonly grants: GrantEngine;
  readonly logins?: CreatedLogins;
}

/** The user whose grant the processes keep, and the name of its record. */
export const USER = "ann";

/**
 * One process of the server, from its start until it is killed: the real engine and the real store code, on a database, a
 * journal, a Feishu and a clock that wait for the schedule.
 */
export class ServerProcess implements Waiter {
  readonly label: string;
  readonly machine: Machine;
  readonly clock: Clock;
  readonly knowledge: Knowledge;
  readonly log = new RecordingLog();
  /** Resolves once the start is through. */
  readonly started: Promise<Engines>;
  isAlive = true;
  isReady = false;
  /** A digest of everything that has happened to it, and so of the state that it is in. */
  state = 0;
  #watch: AbortController | undefined;

  /** Starts. */
  constructor(options: ServerProcessOptions) {
    const { label, machine, keyring, random } = options;
    this.label = label;
    this.machine = machine;
    const onWake = (): void => this.learned(`woke at ${options.elapsedMs()}`);
    this.clock = options.clock(() => this.isAlive, onWake);
    const { clock, log } = this;
    const kv = new DenoKv({ database: new OneHandle(options.kv(this)), clock, random, log });
    const records = new KvRecordStore({ kv, keyring, clock, owner: label });
    this.knowledge = new Knowledge(label, records, options.elapsedMs);
    this.started = this.#start(options, kv);
  }

  /** Whether it works for logins in the background. */
  get isWatching(): boolean {
    return this.#watch !== undefined;
  }

  /** Begins or ends its work in the background. */
  watch(isOn: boolean): void {
    this.#watch?.abort();
    this.#watch = isOn ? new AbortController() : undefined;
    const signal = this.#watch?.signal;
    if (signal !== undefined) void this.started.then(({ logins }) => logins?.work(signal));
  }

  /** Notes what has happened to it. */
  learned(what: string): void {
    this.state = digest(what, this.state);
  }

  async #start(options: ServerProcessOptions, kv: DenoKv): Promise<Engines> {
    const { label, machine, keyring, random, feishu, isAlive, points, looksWait } = options;
    const { clock, log } = this;
    const { folder } = machine;
    const journal = folder === null ? null : new ScheduledJournal({
      folder,
      os: "linux",
      keyring,
      clock,
      random,
      log,
      waiter: this,
      points,
      looksWait,
      onChange: () => machine.touched(),
    });
    if (journal !== null) await replayJournal({ journal, kv, keyring, clock, log });
    const shared = {
      store: this.knowledge,
      journal,
      fingerprints: keyedFingerprints(keyring),
      owner: { machine: machine.name, process: label },
      liveness: { isAlive: (process: string) => Promise.resolve(isAlive(process)) },
      clock,
      random,
      log,
      stopping: new AbortController().signal,
    };
    const sealedValues = <T>(form: ValueForm<T>): SealedValues<T> =>
      new KvSealedValues<T>({ ...form, kv, keys: keyring.shared ?? fail(), clock, random });
    const index = options.hasLogins ? new GrantIndex(sealedValues(INDEX_VALUES)) : undefined;
    const engine = createTokenEngine({
      ...shared,
      ...defined({ index }),
      feishu: feishu.port(this, clock),
      findApiRefusal: () => undefined,
      refreshEndpoint: options.refreshEndpoint,
    });
    const tokens = createTokenService(engine);
    const grants = new GrantEngine({ ...shared, credentials: options.credentials, user: USER });
    const logins = index === undefined ? undefined : createLogins({
      ...{ engine, index, sealedValues, at: undefined, configuredScopes: [] },
      ownApps: () => Promise.resolve([options.credentials]),
      isLasting: true,
      isShortLived: () => false,
    });
    this.isReady = true;
    return { tokens, grants, ...defined({ logins }) };
  }
}

function fail(): never {
  throw new TypeError("A keyring without shared keys");
}
