import { AppSource } from "./apps/app_source.ts";
import { APP_VALUES } from "./apps/app_values.ts";
import { AppRegistrations } from "./apps/app_registrations.ts";
import { REGISTRATION_VALUES } from "./apps/registration_values.ts";
import { KeptApps } from "./apps/kept_apps.ts";
import { rereadingLogins } from "./apps/rereading_logins.ts";
import { rereadingTokens } from "./apps/rereading_tokens.ts";
import { createCallerFinder } from "./callers/caller_finder.ts";
import { defined } from "./defined.ts";
import { findApiRefusal } from "./feishu/api_code_table.ts";
import { createFeishuClient } from "./feishu/feishu_client.ts";
import { createHosts } from "./feishu/hosts.ts";
import { createCallerAddress } from "./http/security/caller_address.ts";
import { createLoginOwner } from "./http/security/login_owner.ts";
import { createMayUseKeptApp } from "./http/security/may_use_kept_app.ts";
import { createHttpApp } from "./http/http_app.ts";
import { type BoundAddress, listen, type Listening } from "./http/listening/listen.ts";
import { RepeatedLines } from "./log/repeated_lines.ts";
import { createRequestIds } from "./http/request_ids.ts";
import { createSessionCredentials, withSessionAdvice } from "./http/session/session_credentials.ts";
import { BoundedLines } from "./log/bounded_lines.ts";
import { type AnnouncingLog, createLineLog } from "./log/line_log.ts";
import { Mask } from "./log/mask.ts";
import { maskingFeishu } from "./log/masking_feishu.ts";
import { maskingRegistration } from "./log/masking_registration.ts";
import { maskingLogins } from "./log/masking_logins.ts";
import { maskingTokens } from "./log/masking_tokens.ts";
import { createMcpHttpHandler } from "./mcp/mcp_http_handler.ts";
import { TOOL_TABLE } from "./mcp/tools/tool_table.ts";
import type { Config } from "./config.ts";
import { errorClass } from "./errors/error_class.ts";
import type { Phrase } from "./errors/language.ts";
import { keepConfiguredSecrets } from "./keep_configured_secrets.ts";
import type { Clock } from "./ports/clock.ts";
import type { CredentialSource } from "./ports/credential_source.ts";
import type { AppCredentials } from "./ports/feishu.ts";
import type { AppKeeper } from "./ports/app_keeper.ts";
import type { AppRegistrar } from "./ports/app_registrar.ts";
import type { TokenService } from "./ports/tokens.ts";
import type { Platform } from "./platform.ts";
import { createLogins } from "./login/create_logins.ts";
import { noLoginService } from "./login/no_login_service.ts";
import { tellingStore } from "./login/telling_store.ts";
import type { LoginService } from "./ports/logins.ts";
import { isOnDenoDeploy } from "./process/is_on_deno_deploy.ts";
import { openStore } from "./store/open_store.ts";
import { resolvePlace } from "./store/files/store_place.ts";
import { shownPlace } from "./store/files/shown_place.ts";
import { BackgroundWork } from "./concurrency/background_work.ts";
import { TIME_IS_UP, within } from "./concurrency/within.ts";
import { GrantIndex, INDEX_VALUES } from "./tokens/grants/grant_index.ts";
import { createTokenEngine, type TokenEngineOptions } from "./tokens/token_engine.ts";
import { createTokenService } from "./tokens/token_service.ts";
import { VERSION } from "./version.ts";

/**
 * A process over stdio that is younger than this, in milliseconds, renews nothing ahead of time: some hosts start one
 * for each call and end it seconds later.
 */
const STDIO_SETTLED_MS = 60_000;

/** What {@linkcode composeServer} needs. */
export interface ComposeOptions {
  /** The real clock, network, streams and so on. */
  readonly platform: Platform;
  /** Checked and complete. */
  readonly config: Config;
  /** The platform's, or the sandbox's. */
  readonly clock: Clock;
  /** Used where a call brings none, and no kept app comes before them. */
  readonly credentials: CredentialSource;
  /** Replaces the brand's own address of Feishu. */
  readonly baseUrl?: string | undefined;
  /** What names the records of that Feishu in its place: the address of a simulated one may change. */
  readonly at?: string | undefined;
  /** The store's file name, where the configuration names no place. */
  readonly storeFile: string;
  /** Whether the address of Feishu stays as it is, although a kept app of another one counts: to keep a further app. */
  readonly isPlaceFixed?: boolean;
  /** As in {@linkcode TokenEngineOptions}. */
  readonly pausePatienceMs?: TokenEngineOptions["pausePatienceMs"];
  /** Aborts the start, which may wait for a store that another program has locked. */
  readonly signal?: AbortSignal | undefined;
}

/** A server with all its parts, which does not listen yet. */
export interface ComposedServer {
  /** The log of every part. */
  readonly log: AnnouncingLog;
  /** The domain. */
  readonly tokens: TokenService;
  /** Kept logins. */
  readonly logins: LoginService;
  /** Kept apps; `null` where the store may not hold secrets. */
  readonly apps: AppKeeper | null;
  /** Registration of apps by scan; `null` as `apps`. */
  readonly registrations: AppRegistrar | null;
  /** The app that counts for calls that bring none. */
  readonly credentials: CredentialSource;
  /** Whether that is a kept app now. */
  usesKeptApp(): boolean;
  /** Every app whose secret is at hand, as the store has them now. */
  allApps(): Promise<readonly AppCredentials[]>;
  /** What names the Feishu of the process in the store; `undefined` for the brand's own hosts. */
  readonly at: string | undefined;
  /** The place of the store, as messages show it. */
  readonly place: Phrase;
  /** Why the store lacks the journal that it should have. */
  readonly journalProblem: Phrase | undefined;
  /** The journal files that were found at the start and whose pairs are too large for the database. */
  readonly tooLargePairs: readonly string[];
  /** Whether another process of this machine has the store open now: one that is missing here is on another machine. */
  hasOtherProcesses(): Promise<boolean>;
  /** Serves HTTP. `onBound` may refuse the address by throwing. */
  listen(onBound: (address: BoundAddress) => void): Promise<Listening>;
  /** Serves one client on the standard streams. Resolves when it has left. */
  serveStdio(signal: AbortSignal): Promise<void>;
  /** Ends the waits for renewals of other processes. Requests to Feishu in progress are finished and stored. */
  stopWaiting(): void;
  /** Waits at most `deadlineMs` milliseconds for work in progress, and closes the store. */
  close(deadlineMs: number): Promise<void>;
}

/** Makes the log alone, for the time before there is a server. */
export function composeLog(
  platform: Platform,
  config: Pick<Config, "logLevel" | "logFormat">,
  mask: Mask,
): AnnouncingLog {
  const { clock, stderr, isTerminal, env } = platform;
  const lines = new BoundedLines(stderr, (dropped) => {
    log.announce("log lines dropped: standard error was not read", { lines: dropped });
  });
  const log = createLineLog({
    level: config.logLevel,
    format: config.logFormat,
    colour: isTerminal && !env("NO_COLOR"),
    clock,
    mask,
    write: (line) => lines.write(line),
  });
  return log;
}

/**
 * Wires the server: opens the store, recovers the journal, connects HTTP and stdio to the domain, and that to its
 * ports.
 *
 * @throws StartError when the store cannot be opened; the reason of `signal` once that has aborted.
 */
export async function composeServer(options: ComposeOptions): Promise<ComposedServer> {
  const { platform, config, clock } = options;
  const { random, env, os } = platform;
  const mask = new Mask();
  keepConfiguredSecrets(mask, config);
  const log = composeLog(platform, config, mask);
  const stopping = new AbortController();
  const ended = new AbortController();
  const storePlace = resolvePlace({ kv: config.kv, fileName: options.storeFile, os, env });
  const place = shownPlace(storePlace);
  const store = await openStore({
    place: storePlace,
    serverKey: config.serverKey,
    openKv: platform.openKv,
    os,
    env,
    clock,
    random,
    log,
    signal: options.signal,
  });
  const appValues = store.sealedValues(APP_VALUES);
  const keeper = appValues === null ? null : new KeptApps(appValues, clock);
  const { sandbox } = config;
  const source = new AppSource({
    keeper,
    wanted: config.app,
    configured: options.credentials,
    // A sandbox that ends with its process brings its own app; one that is kept has the apps that were kept with it.
    isConfigured: config.credentials.kind !== "missing" || sandbox.kind === "embedded" ||
      sandbox.kind === "elsewhere",
    clock: platform.clock,
    onSecret: (secret) => mask.keep(secret),
  });
  const { credentials } = source;
  await credentials.refresh?.();
  const baseUrl = options.baseUrl ?? (options.isPlaceFixed ? undefined : source.chosen?.at);
  const at = options.at ?? baseUrl;
  source.at = at;
  const hosts = createHosts(defined({ baseUrl }));
  const client = createFeishuClient({ fetch: platform.fetch, clock, hosts, version: VERSION });
  const feishu = maskingFeishu(client, mask);
  const registrationValues = store.sealedValues(REGISTRATION_VALUES);
  const registrations = keeper === null || registrationValues === null ? null : new AppRegistrations({
    feishu,
    registration: maskingRegistration(client, mask),
    keeper,
    values: registrationValues,
    clock,
    at,
    log,
  });
  const background = new BackgroundWork((name, error) => {
    log.error("background work failed", { work: name, error: errorClass(error) });
  });
  if (store.sweep !== null) background.start("sweep", store.sweep);
  const indexed = store.sealedValues(INDEX_VALUES);
  const index = indexed === null ? undefined : new GrantIndex(indexed);
  const engine = createTokenEngine({
    store: store.records,
    journal: store.journal,
    fingerprints: store.fingerprints,
    owner: store,
    liveness: store.liveness,
    feishu,
    findApiRefusal,
    clock,
    random,
    log,
    refreshEndpoint: config.refreshEndpoint,
    pausePatienceMs: options.pausePatienceMs,
    stopping: stopping.signal,
    ended: ended.signal,
    index,
  });
  const stdio = { startedMs: clock.monotonic(), isOver: false };
  const created = index === undefined ? undefined : createLogins({
    engine,
    index,
    sealedValues: (form) => {
      const values = store.sealedValues(form);
      if (values === null) throw new TypeError("A store with an index has sealed values");
      return values;
    },
    at,
    configuredScopes: config.scopes,
    isLasting: storePlace.kind !== "memory",
    ownApps: () => source.all(),
    isShortLived: () =>
      config.transport === "stdio" &&
      (stdio.isOver || clock.monotonic() - stdio.startedMs < STDIO_SETTLED_MS),
  });
  const startLoginWork = (): void => {
    if (created !== undefined) background.start("logins", created.work);
  };
  const newSecrets = (refused: AppCredentials): Promise<AppCredentials | undefined> =>
    source.renewed(refused);
  const tokens = maskingTokens(
    rereadingTokens(createTokenService(engine, created?.replaceKept), newSecrets),
    mask,
  );
  // Separate, so that a flood of lines from one of them does not hide those of another.
  const repeated = {
    byRequests: new RepeatedLines({ clock, log }),
    byTools: new RepeatedLines({ clock, log }),
    byProbes: new RepeatedLines({ clock, log }),
  };
  const stopWaiting = (): void => stopping.abort(new Error("The server is stopping"));
  const rereading = rereadingLogins(created?.service ?? noLoginService(), newSecrets);
  const logins = maskingLogins(tellingStore(rereading, place), mask);
  const shared = { tools: TOOL_TABLE, tokens, logins, clock, version: VERSION, language: config.language };
  return {
    log,
    tokens,
    logins,
    apps: keeper,
    registrations,
    credentials,
    usesKeptApp: () => source.usesKept,
    allApps: () => source.all(),
    at,
    place,
    journalProblem: store.journalProblem,
    tooLargePairs: store.tooLargePairs,
    hasOtherProcesses: () => store.hasOtherProcesses(),
    async listen(onBound): Promise<Listening> {
      const isPublished = config.allowedHosts.size > 0 || isOnDenoDeploy(env);
      let isBoundToLoopback = false;
      const brought = createSessionCredentials({
        allowsQuerySecrets: config.allowsQuerySecrets,
        brandOfBaseUrl: config.brandOfBaseUrl,
        refusesMalformed: baseUrl === undefined,
        repeated: repeated.byRequests,
      });
      const ofThisMachine = withSessionAdvice(credentials);
      const ofStrangers = withSessionAdvice(source.withoutKept);
      const mayUseKept = createMayUseKeptApp({ isBoundToLoopback: () => isBoundToLoopback, isPublished });
      const handler = createHttpApp({
        ...shared,
        mcp: createMcpHttpHandler({
          ...shared,
          repeated: repeated.byTools,
          stopping: stopping.signal,
        }),
        credentials: (request, requestLog, { peer, callerName }) => {
          // Whether a kept app may be used is decided only where one can count: that takes longer than the rest of the call.
          // The caller's key is the operator's word, wherever the call comes from.
          const mayUse = (): boolean =>
            credentials.refresh === undefined || callerName !== undefined || mayUseKept(request, peer);
          return brought(request, requestLog) ?? (mayUse() ? ofThisMachine : ofStrangers);
        },
        guard: {
          allowedHosts: config.allowedHosts,
          allowedOrigins: config.allowedOrigins,
          readingPages: config.credentials.kind === "complete" ? "inspector" : "all",
        },
        about: {
          isSandbox: config.sandbox.kind !== "none",
          store: place,
          isPublished,
        },
        loginOwner: createLoginOwner({
          isBoundToLoopback: () => isBoundToLoopback,
          isPublished,
          allowsSessionLogins: config.allowsSessionLogins,
        }),
        findCaller: config.callerKeys.length === 0 ? undefined : await createCallerFinder(config.callerKeys),
        callerAddress: await createCallerAddress(config.trustedProxies),
        random,
        log,
        repeated: repeated.byRequests,
        repeatedByProbes: repeated.byProbes,
      });
      const listening = await listen({
        hostname: config.host,
        port: config.port,
        handler,
        clock,
        log,
        newRequestId: createRequestIds(random),
        language: config.language,
        onBound(address): void {
          onBound(address);
          isBoundToLoopback = address.isLoopback;
        },
      });
      startLoginWork();
      return listening;
    },
    async serveStdio(signal): Promise<void> {
      // Loaded here, since a server over HTTP starts faster without it.
      const { serveStdio } = await import("./mcp/stdio/serve_stdio.ts");
      const { input: stdin, stdout } = platform;
      const newRequestId = createRequestIds(random);
      startLoginWork();
      await serveStdio({
        ...shared,
        ...{ credentials, log, newRequestId, signal, stdin, stdout },
        onInputOver: () => stdio.isOver = true,
        repeated: repeated.byTools,
      });
    },
    stopWaiting,
    async close(deadlineMs): Promise<void> {
      stopWaiting();
      const drained = Promise.all([tokens.drain(), background.end()]);
      if (await within(platform.clock, deadlineMs, drained) === TIME_IS_UP) {
        log.error("stopped before all renewals had ended: what Feishu has issued for them may be lost", {
          waited_ms: Math.round(deadlineMs),
        });
      }
      ended.abort(new Error("The server has ended"));
      for (const lines of Object.values(repeated)) lines.flush();
      store.close();
    },
  };
}
