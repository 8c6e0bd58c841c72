import { realPlatform } from "../../src/platform.ts";
import { findApiRefusal } from "../../src/feishu/api_code_table.ts";
import { createFeishuClient } from "../../src/feishu/feishu_client.ts";
import { createHosts } from "../../src/feishu/hosts.ts";
import { TokenError } from "../../src/errors/token_error.ts";
import type { AppCredentials, FeishuPort, RefreshEndpoint } from "../../src/ports/feishu.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Liveness } from "../../src/ports/liveness.ts";
import type { Random } from "../../src/ports/random.ts";
import type { CallContext, TokenService } from "../../src/ports/tokens.ts";
import { OffsetClock } from "../../src/sandbox/offset_clock.ts";
import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { type ServedSandbox, serveSandbox } from "../../src/sandbox/serve_sandbox.ts";
import { Secret } from "../../src/secret.ts";
import { within } from "../../src/concurrency/within.ts";
import type { StorePlace } from "../../src/store/files/store_place.ts";
import { type OpenStore, openStore } from "../../src/store/open_store.ts";
import { createTokenEngine } from "../../src/tokens/token_engine.ts";
import { BackgroundWork } from "../../src/concurrency/background_work.ts";
import { createLogins } from "../../src/login/create_logins.ts";
import { noLoginService } from "../../src/login/no_login_service.ts";
import type { LoginService } from "../../src/ports/logins.ts";
import { GrantIndex, INDEX_VALUES } from "../../src/tokens/grants/grant_index.ts";
import { createTokenService } from "../../src/tokens/token_service.ts";
import { eventually } from "./eventually.ts";
import { InterceptableKv } from "./interceptable_kv.ts";
import { RecordingLog } from "./recording_log.ts";

const { clock, random } = realPlatform();

/** Real time. Waits are real, and short wherever a test can help it. */
export const REAL_CLOCK: Clock = clock;

/** Real chance. */
export const REAL_RANDOM: Random = random;

const DRAIN_DEADLINE_MS = 10_000;

/** One call that the sandbox received. */
export interface SandboxCall {
  readonly path: string;
  readonly presented?: string;
  readonly outcome: string;
  readonly code: number | null;
  readonly log_id: string;
}

/** One process of the server: a token service with a store handle of its own. */
export interface TokenProcess {
  readonly tokens: TokenService;
  readonly logins: LoginService;
  /** Starts what a server does for logins in the background. */
  work(): void;
  readonly store: OpenStore;
  readonly kv: InterceptableKv;
  /** Aborted when it ends. */
  readonly stopping: AbortSignal;
  /** Begins its end, as a signal does: what still runs goes on. */
  stop(): void;
  /** Ends it without a word, as SIGKILL would: what it had in memory is gone. */
  kill(): void;
}

/** Settings of {@linkcode TokenWorld.start}. */
export interface StartOptions {
  /** In the place of what tells which processes live. */
  readonly liveness?: (own: Liveness) => Liveness;
  readonly refreshEndpoint?: RefreshEndpoint;
  /** Instead of the file of the world. */
  readonly place?: StorePlace;
  /** Home folder of the machine that the process runs on: its own, where the store is on the network. */
  readonly home?: string;
  /** As on another machine: it has no journal, and finds nothing in that of the others. */
  readonly withoutJournal?: boolean;
  /** `FEISHU_TOKEN_KEY`. */
  readonly serverKey?: Secret;
  /** Instead of the client that talks to the sandbox. */
  readonly feishu?: FeishuPort;
  readonly clock?: Clock;
  readonly pausePatienceMs?: number;
  /** `FEISHU_TOKEN_SCOPES`. */
  readonly scopes?: readonly string[];
  readonly isShortLived?: () => boolean;
  /** The apps whose secret the server has; that of the world by default. */
  readonly own?: readonly AppCredentials[];
}

/** A sandbox, a store in a temporary folder, and processes on both. Everything is real but Feishu. */
export class TokenWorld implements AsyncDisposable {
  /** Shared by the sandbox and every process. */
  readonly clock: OffsetClock;
  readonly sandbox: ServedSandbox;
  readonly folder: string;
  readonly log = new RecordingLog();
  readonly #running = new Set<TokenProcess>();
  readonly #killed = new Set<TokenProcess>();
  readonly #engines: (() => Promise<void>)[] = [];

  private constructor(clock: OffsetClock, sandbox: ServedSandbox, folder: string) {
    this.clock = clock;
    this.sandbox = sandbox;
    this.folder = folder;
  }

  /** A fresh world, whose time goes as `base` does. */
  static async create(base: Clock = REAL_CLOCK): Promise<TokenWorld> {
    const clock = new OffsetClock(base);
    const sandbox = await serveSandbox({ clock, random: REAL_RANDOM });
    return new TokenWorld(clock, sandbox, await Deno.makeTempDir({ prefix: "token-world-" }));
  }

  /** Path of the store's file. */
  get path(): string {
    return `${this.folder}/tokens.kv`;
  }

  /** Starts a process. The ones started before go on unless they were killed. */
  async start(options: StartOptions = {}): Promise<TokenProcess> {
    const clock = options.clock ?? this.clock;
    const stopping = new AbortController();
    const ended = new AbortController();
    const kv = new InterceptableKv();
    const store = await openStore({
      place: options.place ?? { kind: "file", path: this.path },
      serverKey: options.serverKey,
      // A hosting platform has one database, without a path.
      openKv: async (path) => kv.wrap(await Deno.openKv(path ?? `${this.folder}/platform.kv`)),
      os: "linux",
      env: (name) => name === "HOME" ? options.home : undefined,
      clock,
      random: REAL_RANDOM,
      log: this.log,
    });
    const values = store.sealedValues(INDEX_VALUES);
    const index = values === null ? undefined : new GrantIndex(values);
    const engine = createTokenEngine({
      store: store.records,
      journal: options.withoutJournal === true ? null : store.journal,
      fingerprints: store.fingerprints,
      owner: store,
      liveness: options.liveness?.(store.liveness) ?? store.liveness,
      feishu: options.feishu ?? this.feishu(),
      findApiRefusal,
      clock,
      random: REAL_RANDOM,
      log: this.log,
      refreshEndpoint: options.refreshEndpoint,
      pausePatienceMs: options.pausePatienceMs,
      stopping: stopping.signal,
      ended: ended.signal,
      index,
    });
    const created = index === undefined ? undefined : createLogins({
      engine,
      index,
      sealedValues: (form) => {
        const sealed = store.sealedValues(form);
        if (sealed === null) throw new TypeError("No sealed values");
        return sealed;
      },
      at: undefined,
      configuredScopes: options.scopes ?? [],
      isLasting: options.place?.kind !== "memory",
      ownApps: () => Promise.resolve(options.own ?? [this.credentials]),
      isShortLived: options.isShortLived ?? (() => false),
    });
    const tokens = createTokenService(engine, created?.replaceKept);
    const background = new BackgroundWork((name, error) =>
      this.log.error("background work failed", { name, error: String(error) })
    );
    const stop = (): void => {
      stopping.abort(new Error("stopping"));
      void background.end();
    };
    const kill = (): void => {
      if (!this.#running.delete(process)) return;
      this.#killed.add(process);
      stop();
      ended.abort(new Error("killed"));
      store.close();
    };
    const process: TokenProcess = {
      tokens,
      logins: created?.service ?? noLoginService(),
      work: () => background.start("logins", created?.work ?? (() => Promise.resolve())),
      store,
      kv,
      stopping: stopping.signal,
      stop,
      kill,
    };
    this.#running.add(process);
    return process;
  }

  /** The client that talks to the sandbox, of a machine with that clock. */
  feishu(clock: Clock = this.clock): FeishuPort {
    return createFeishuClient({
      fetch: (url, init) => fetch(url, init),
      clock,
      hosts: createHosts({ baseUrl: this.sandbox.url }),
      version: "test",
    });
  }

  /** Lets time pass for everybody. */
  age(ms: number): void {
    this.clock.advance(ms);
  }

  /** What the sandbox received on paths that contain `part`. */
  async calls(part = ""): Promise<SandboxCall[]> {
    const { calls } = await this.#control("GET", "calls") as { calls: SandboxCall[] };
    return calls.filter(({ path }) => path.includes(part));
  }

  /** Calls to the endpoint of app tokens. */
  appCalls(): Promise<SandboxCall[]> {
    return this.calls("app_access_token");
  }

  /** Calls that present a refresh token. */
  async refreshCalls(): Promise<SandboxCall[]> {
    return (await this.calls()).filter(({ presented }) => presented !== undefined && presented !== null);
  }

  /** A user logs in. The refresh token is all that most tests need. */
  async login(generation: RefreshEndpoint, more: Record<string, unknown> = {}): Promise<Secret> {
    return (await this.loginPair(generation, more)).refreshToken;
  }

  /** A user logs in. */
  async loginPair(
    generation: RefreshEndpoint,
    more: Record<string, unknown> = {},
  ): Promise<{ readonly accessToken: Secret; readonly refreshToken: Secret }> {
    const pair = await this.#control("POST", "logins", { generation, ...more }) as {
      access_token: string;
      refresh_token: string;
    };
    return { accessToken: new Secret(pair.access_token), refreshToken: new Secret(pair.refresh_token) };
  }

  /** Makes the sandbox misbehave. */
  async fault(fault: Record<string, unknown>): Promise<void> {
    await this.#control("POST", "faults", fault);
  }

  /** Ends every misbehaviour. */
  async clearFaults(): Promise<void> {
    await this.#control("DELETE", "faults");
  }

  /** Kills the family of a refresh token. */
  async revoke(token: Secret): Promise<void> {
    await this.#control("POST", "revoke", { refresh_token: token.reveal() });
  }

  /** Ends an access token before its time; a user's refresh token lives on. */
  async revokeAccess(token: Secret): Promise<void> {
    const { revoked } = await this.#control("POST", "revoke", { access_token: token.reveal() }) as {
      revoked: number;
    };
    if (revoked !== 1) throw new Error("The sandbox knows no such access token");
  }

  /** Feishu's code for an API call with `token`: 0 when it works. */
  async apiCode(kind: "app" | "user", token: Secret): Promise<number> {
    const path = kind === "app" ? "contact/v3/scopes" : "authen/v1/user_info";
    const response = await fetch(`${this.sandbox.url}/open-apis/${path}`, {
      headers: { authorization: `Bearer ${token.reveal()}` },
    });
    return (await response.json() as { code: number }).code;
  }

  /** Spends a v2 refresh token behind the server's back. */
  async spendElsewhere(token: Secret): Promise<void> {
    const { credentials } = this;
    await fetch(`${this.sandbox.url}/open-apis/authen/v2/oauth/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        grant_type: "refresh_token",
        client_id: credentials.appId,
        client_secret: credentials.appSecret.reveal(),
        refresh_token: token.reveal(),
      }),
    }).then((response) => response.body?.cancel());
  }

  /** The sandbox's app. */
  readonly credentials: AppCredentials = {
    brand: "feishu",
    // As a server on a sandbox has it, and as 0.1.0 had it.
    appId: DEFAULT_SANDBOX_APP.formerAppId,
    appSecret: new Secret(DEFAULT_SANDBOX_APP.appSecret),
  };

  /** The same app with a secret that is not its own. */
  readonly wrongCredentials: AppCredentials = {
    ...this.credentials,
    appSecret: new Secret("not-the-secret-of-it"),
  };

  /** The context of a call. */
  call(signal?: AbortSignal): CallContext {
    return signal === undefined ? { log: this.log } : { log: this.log, signal };
  }

  /** Resolves once `condition` holds; fails with its words when it never does. */
  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    await eventually(() => String(condition), condition);
  }

  /** Also waits in the end for what another engine on a process of this world has begun. */
  alsoDrain(drain: () => Promise<void>): void {
    this.#engines.push(drain);
  }

  /** Ends what answers did not wait for, before a store that is not this world's ends. */
  async drain(): Promise<void> {
    // What a killed one had begun goes on for a moment, since it is of this very process.
    const all = [...this.#running, ...this.#killed];
    const drains = [...all.map(({ tokens }) => () => tokens.drain()), ...this.#engines];
    const draining = Promise.all(drains.map((drain) => drain()));
    // A test that has failed may hold what would end it.
    await within(REAL_CLOCK, DRAIN_DEADLINE_MS, draining);
  }

  /** Ends everything and removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    // As at the end of a server.
    for (const { stop } of this.#running) stop();
    await this.sandbox.close();
    await this.drain();
    for (const { kill } of this.#running) kill();
    await Deno.remove(this.folder, { recursive: true });
  }

  /** A call of the sandbox's control interface. */
  async control(method: string, path: string, body?: unknown): Promise<unknown> {
    return await this.#control(method, path, body);
  }

  async #control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.sandbox.url}/_sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`The sandbox refused: ${JSON.stringify(answer)}`);
    return answer;
  }
}

/** The failure that `work` ends in. */
export async function failure(work: Promise<unknown>): Promise<TokenError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof TokenError) return error;
    throw error;
  }
  throw new Error("It succeeded");
}

/** The world's time, with a monotonic clock that a test can move on: what a process that waits for long has seen. */
export function patientClock(world: TokenWorld): { readonly clock: Clock; wait(ms: number): void } {
  let waitedMs = 0;
  return {
    clock: {
      now: () => world.clock.now(),
      monotonic: () => world.clock.monotonic() + waitedMs,
      sleep: (ms, signal) => REAL_CLOCK.sleep(ms, signal),
    },
    wait: (ms) => void (waitedMs += ms),
  };
}
