import { errorClass } from "../errors/error_class.ts";
import { TokenError } from "../errors/token_error.ts";
import { LruMap } from "../concurrency/lru_map.ts";
import type { AppCredentials } from "../ports/feishu.ts";
import type { Log } from "../ports/log.ts";
import type { Secret } from "../secret.ts";
import type { KeepAlive } from "../tokens/grants/keep_alive.ts";
import type { IndexedGrant } from "../tokens/grants/grant_index.ts";
import { appName } from "./app_name.ts";
import { isLate } from "./is_late.ts";
import { isOpen } from "./is_open.ts";
import type { LoginParts } from "./login_parts.ts";
import type { LoginRecord } from "./login_record.ts";
import { type Advanced, hasWorkLeft, type LoginSteps } from "./login_steps.ts";
import type { EndWarnings } from "./end_warnings.ts";

/** Pause of the loop, in milliseconds. It reads the clocks, and the store only when something is due. */
const TICK_MS = 1_000;
/** Between two looks at the logins of the store while one is open, in milliseconds, before jitter. */
const LOOK_MS = 24_000;
/** Between two looks otherwise, and between two rounds of keep-alive, in milliseconds, before jitter. */
const IDLE_LOOK_MS = 48_000;
/** Jitter that is added, as a share. */
const LOOK_JITTER = 0.25;
/** A wall clock that has moved further than time has passed, by this in milliseconds, was set, or the machine slept. */
const JUMP_MS = 10_000;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;
/** Apps whose secret calls have brought. */
const KNOWN_APPS = 1_000;

/** A login that this process advances. */
interface ActiveLogin {
  readonly id: Secret;
  readonly credentials: AppCredentials;
  /** By the monotonic clock, in milliseconds. */
  nextMs: number;
  failures: number;
  isRunning: boolean;
}

/**
 * What a process does for logins by itself: polls those that it has started, takes over those whose process is dead or
 * late, finishes what was left half done, and renews the grants that are due.
 */
export class LoginWatch {
  readonly #options: LoginWatchOptions;
  readonly #active = new Map<string, ActiveLogin>();
  /** By name of the app, credentials with its secret. */
  readonly #apps = new LruMap<AppCredentials>(KNOWN_APPS);
  /** Own apps that were learned: one that comes again does not override what a call has brought since. */
  readonly #learned = new WeakSet<AppCredentials>();
  #nextLookMs = -Infinity;
  #nextRoundMs = -Infinity;
  #isRoundRunning = false;

  /** For one process. */
  constructor(options: LoginWatchOptions) {
    this.#options = options;
  }

  /** Remembers an app's secret, so that its logins can be advanced and its grants renewed. */
  know(credentials: AppCredentials): void {
    this.#apps.set(appName(credentials, this.#options.parts.at), credentials);
  }

  /** The credentials of an app; `undefined` where this process does not have its secret. */
  credentialsOf(
    app: Omit<AppCredentials, "appSecret"> & Pick<IndexedGrant, "at">,
  ): AppCredentials | undefined {
    return this.#apps.get(appName(app, app.at));
  }

  /** Takes a login on: this process advances it until its end. */
  add({ id, intervalMs }: LoginRecord, credentials: AppCredentials): void {
    const { clock } = this.#options.parts.engine;
    const key = id.reveal();
    if (this.#active.has(key)) return;
    const nextMs = clock.monotonic() + intervalMs;
    this.#active.set(key, { id, credentials, nextMs, failures: 0, isRunning: false });
  }

  /** Works until `signal` is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.parts.engine;
    await this.#learn();
    let offsetMs = clock.now() - clock.monotonic();
    this.#nextRoundMs = clock.monotonic() + this.#jittered(TICK_MS);
    while (!signal.aborted) {
      const moved = clock.now() - clock.monotonic() - offsetMs;
      if (Math.abs(moved) > JUMP_MS) {
        offsetMs += moved;
        this.#nextLookMs = -Infinity;
        this.#nextRoundMs = -Infinity;
      }
      this.#advanceDue();
      if (clock.monotonic() >= this.#nextLookMs) await this.#look();
      if (clock.monotonic() >= this.#nextRoundMs) this.#startRound(signal);
      await clock.sleep(TICK_MS, signal).catch(() => {});
    }
  }

  /** Learns the secrets of the server's own apps anew. */
  async #learn(): Promise<void> {
    for (const credentials of await this.#options.ownApps()) {
      if (this.#learned.has(credentials)) continue;
      this.#learned.add(credentials);
      this.know(credentials);
    }
  }

  #advanceDue(): void {
    const now = this.#options.parts.engine.clock.monotonic();
    for (const active of this.#active.values()) {
      if (active.isRunning || now < active.nextMs) continue;
      active.isRunning = true;
      void this.#options.parts.engine.flights.detach(() => this.#advance(active));
    }
  }

  async #advance(active: ActiveLogin): Promise<void> {
    const { steps, log, parts: { engine: { clock } } } = this.#options;
    const { at } = this.#options.parts;
    const credentials = this.#apps.get(appName(active.credentials, at)) ?? active.credentials;
    const advanced = await steps.advance(active.id, credentials, { log }).catch((error: unknown) => {
      if (!(error instanceof TokenError)) log.error("login not advanced", { error: errorClass(error) });
      return null;
    });
    active.isRunning = false;
    active.failures = advanced === null || advanced.problem !== undefined ? active.failures + 1 : 0;
    if (advanced?.problem !== undefined && active.failures === 1) {
      const { code, detail: { feishuCode, logId } } = advanced.problem;
      log.warn("login does not go on for now", {
        error_code: code,
        feishu_code: feishuCode,
        feishu_log_id: logId,
      });
    }
    const isOver = advanced !== null && (advanced.login === null || !this.#hasWork(advanced.login));
    if (isOver) this.#active.delete(active.id.reveal());
    else active.nextMs = clock.monotonic() + this.#pauseMs(active, advanced);
  }

  #hasWork(login: LoginRecord): boolean {
    return hasWorkLeft(login) || isOpen(login, this.#options.parts.engine.clock.now());
  }

  #pauseMs({ failures }: ActiveLogin, advanced: Advanced | null): number {
    const login = advanced?.login;
    const problem = advanced?.problem;
    if (problem !== undefined || login === undefined || login === null) {
      const backoff = Math.min(FIRST_RETRY_MS * 2 ** Math.max(0, failures - 1), LONGEST_RETRY_MS);
      return Math.max(problem?.detail.retryAfterMs ?? 0, backoff);
    }
    return login.phase === "waiting" ? login.intervalMs : FIRST_RETRY_MS * 5;
  }

  /** Takes on what no other process advances. */
  async #look(): Promise<void> {
    const { parts, log } = this.#options;
    const { engine: { clock }, records } = parts;
    let isAnyOpen = this.#active.size > 0;
    try {
      await this.#learn();
      const now = clock.now();
      for (const login of await records.all()) {
        if (!this.#hasWork(login)) continue;
        isAnyOpen ||= isOpen(login, now);
        const credentials = this.credentialsOf(login);
        // The code of another Feishu means nothing to this process's.
        if (credentials === undefined || login.at !== parts.at || this.#active.has(login.id.reveal())) {
          continue;
        }
        if (!await isLate(login, credentials, parts)) continue;
        log.info("took over a login", { flow: login.flow, phase: login.phase });
        this.add({ ...login, intervalMs: 0 }, credentials);
      }
    } catch (error) {
      log.debug("logins not read", { error: errorClass(error) });
    }
    this.#nextLookMs = clock.monotonic() + this.#jittered(isAnyOpen ? LOOK_MS : IDLE_LOOK_MS);
  }

  #startRound(signal: AbortSignal): void {
    const { parts: { engine: { clock, flights, stopping } }, keepAlive, warnings, isShortLived, log } =
      this.#options;
    this.#nextRoundMs = clock.monotonic() + this.#jittered(IDLE_LOOK_MS);
    if (this.#isRoundRunning || stopping.aborted) return;
    this.#isRoundRunning = true;
    void flights.detach(async () => {
      try {
        await this.#learn();
        await keepAlive.round((grant) => this.credentialsOf(grant), { isUrgentOnly: isShortLived(), signal });
        await warnings.tell();
      } catch (error) {
        if (!signal.aborted) log.debug("keep-alive interrupted", { error: errorClass(error) });
      } finally {
        this.#isRoundRunning = false;
      }
    });
  }

  #jittered(ms: number): number {
    return ms * (1 + LOOK_JITTER * this.#options.parts.engine.random.fraction());
  }
}

/** What {@linkcode LoginWatch} needs. */
export interface LoginWatchOptions {
  /** The logins and the grants. */
  readonly parts: LoginParts;
  /** Advance one login. */
  readonly steps: LoginSteps;
  /** Renews the grants that are due. */
  readonly keepAlive: KeepAlive;
  /** Tells of grants that end soon. */
  readonly warnings: EndWarnings;
  /** The apps whose secret the server has now: a kept app may have been added, or its secret replaced. */
  readonly ownApps: () => Promise<readonly AppCredentials[]>;
  /**
   * Whether this process may end in a moment, as a host may end one over stdio: then it renews only what has less than
   * a day left.
   */
  readonly isShortLived: () => boolean;
  /** One line an event. */
  readonly log: Log;
}
