import { isAbsolute, resolve } from "node:path";
import { availableApp } from "../credentials/available_app.ts";
import { type ComposedServer, composeLog, composeServer } from "../compose.ts";
import type { Platform } from "../platform.ts";
import type { Config } from "../config.ts";
import { joinPhrases } from "../errors/join_phrases.ts";
import type { Phrase } from "../errors/language.ts";
import { StartError } from "../errors/start_error.ts";
import { CREDENTIAL_HEADERS } from "../http/session/read_header_source.ts";
import { Mask } from "../log/mask.ts";
import type { LogFields } from "../ports/log.ts";
import { shownAppId } from "../credentials/shown_app_id.ts";
import { resolvePlace } from "../store/files/store_place.ts";
import { VERSION } from "../version.ts";
import { type FeishuTarget, openFeishuTarget } from "./target/feishu_target.ts";
import { endAtOnce } from "./ending/end_at_once.ts";
import { logUncaught } from "./ending/log_uncaught.ts";
import { onStopSignal } from "./ending/on_stop_signal.ts";
import { withoutJournal } from "./surroundings/without_journal.ts";

/** Of the time to stop in, what is kept for after the callers: their last answers, and storing what Feishu still says. */
const AFTER_CALLERS_MS = 1_500;

// The warnings of a start are Chinese too, though they are log lines: they tell whoever started it what to do.

const NO_CREDENTIALS: Phrase = {
  en: "no app credentials yet: set FEISHU_APP_ID and FEISHU_APP_SECRET (developer console, your app, " +
    "Credentials & Basic Info) and restart, or try it without an account with --sandbox",
  zh:
    "尚未配置应用凭证：请设置 FEISHU_APP_ID 和 FEISHU_APP_SECRET（开发者后台 → 你的应用 → 凭证与基础信息）后重启，" +
    "没有账号也可加 --sandbox 先试用",
};

const SESSION_CREDENTIALS: Phrase = {
  en:
    `let each client send its own (headers ${CREDENTIAL_HEADERS.app_id} and ${CREDENTIAL_HEADERS.app_secret})`,
  zh: `让每个客户端发送自己的凭证（请求头 ${CREDENTIAL_HEADERS.app_id} 和 ${CREDENTIAL_HEADERS.app_secret}）`,
};

const CLIENTS_BRING_THEIRS: Phrase = {
  en:
    `without app credentials of its own: each client sends its app's (headers ${CREDENTIAL_HEADERS.app_id} ` +
    `and ${CREDENTIAL_HEADERS.app_secret})`,
  zh:
    `本服务自身不带应用凭证：每个客户端发送自己应用的凭证（请求头 ${CREDENTIAL_HEADERS.app_id} 和 ${CREDENTIAL_HEADERS.app_secret}）`,
};

const NO_ALLOWED_HOSTS: Phrase = {
  en:
    "reachable from other machines, and refusing what comes under their names for this one: list those in " +
    "FEISHU_TOKEN_ALLOWED_HOSTS",
  zh:
    "其他机器可以连到本服务，但用它们所用的域名发来的请求会被拒绝：请在 FEISHU_TOKEN_ALLOWED_HOSTS 中列出这些域名",
};

const PUBLISHED_CREDENTIALS: Phrase = {
  en:
    "whoever can reach this server under a name of FEISHU_TOKEN_ALLOWED_HOSTS gets tokens of the configured app",
  zh: "凡是能通过 FEISHU_TOKEN_ALLOWED_HOSTS 中的域名访问本服务的人，都能拿到所配置应用的令牌",
};

/**
 * Runs the server until its client or a signal ends it.
 *
 * @param atEnd calls what it is given when everything is over and written; without it that is when this resolves.
 * @returns the exit code.
 * @throws StartError in one line for whatever keeps it from starting.
 */
export async function serve(
  platform: Platform,
  config: Config,
  atEnd?: (end: () => void) => void,
): Promise<number> {
  const endUncaught = logUncaught(platform, config);
  atEnd?.(endUncaught);
  const stop = untilSignal(platform, config);
  try {
    const backing = await unlessStopped(stop.signal, openFeishuTarget(platform, config, stop.signal));
    if (backing === null) return 0;
    try {
      await serveBacked(platform, config, backing, stop);
    } finally {
      await backing.close();
    }
    return 0;
  } finally {
    stop.end();
    if (atEnd === undefined) endUncaught();
  }
}

async function serveBacked(
  platform: Platform,
  config: Config,
  backing: FeishuTarget,
  stop: Stop,
): Promise<void> {
  const server = await unlessStopped(
    stop.signal,
    composeServer({ platform, config, ...backing, signal: stop.signal }),
  );
  if (server === null) return;
  // Nothing more is presented then: a login whose turn comes only now is another process's to renew.
  stop.signal.addEventListener("abort", () => server.stopWaiting(), { once: true });
  try {
    for (const warning of config.warnings) server.log.warn(warning[config.language]);
    if (server.journalProblem !== undefined) {
      const { problem, nextStep } = withoutJournal(server.journalProblem, platform.os);
      const line: Phrase = { en: `${problem.en}: ${nextStep.en}`, zh: `${problem.zh}：${nextStep.zh}` };
      server.log.warn(line[config.language]);
    }
    if (config.transport === "stdio" && hasNoCredentials(config)) {
      server.log.warn(noCredentials(config)[config.language]);
    }
    if (config.transport === "stdio") warnOfRelativePlace(server, config, backing, platform);
    const facts = factsOf(server, config, backing);
    if (config.transport === "stdio") await serveOneClient(server, stop, facts);
    else await serveHttp(server, config, stop, facts);
  } finally {
    await server.close(stop.leftMs());
  }
}

/** `null` where a signal has ended `start`. */
async function unlessStopped<T>(signal: AbortSignal, start: Promise<T>): Promise<T | null> {
  try {
    return await start;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

/** What tells one server from another: whose tokens it gives, where it keeps them, and which Feishu they come from. */
function factsOf(
  { place }: ComposedServer,
  config: Config,
  { credentials, baseUrl }: FeishuTarget,
): LogFields {
  const app = availableApp(credentials);
  const isSandbox = config.sandbox.kind !== "none";
  return {
    app_id: app && shownAppId(app.shownAs ?? app.appId),
    brand: app?.brand,
    store: place[config.language],
    sandbox: isSandbox && baseUrl,
    base_url: isSandbox ? undefined : baseUrl,
  };
}

function hasNoCredentials({ sandbox, credentials }: Config): boolean {
  return sandbox.kind === "none" && credentials.kind === "missing";
}

/** Where they may be, unread, comes last: that is what is new to the reader. */
function noCredentials({ credentials }: Config): Phrase {
  const { hint } = credentials.kind === "missing" ? credentials : {};
  return hint === undefined ? NO_CREDENTIALS : joinPhrases([NO_CREDENTIALS, hint]);
}

/** Clients start their servers in folders of their own choice: two of them would keep two stores. */
function warnOfRelativePlace(
  { log }: ComposedServer,
  { kv, language }: Config,
  { storeFile: fileName }: FeishuTarget,
  { os, env }: Platform,
): void {
  const place = resolvePlace({ kv, fileName, os, env });
  if (place.kind !== "file" || isAbsolute(place.path)) return;
  const path = resolve(place.path);
  const warning: Phrase = {
    en:
      `the store's place is relative, and each client starts its server in a folder of its own: now it is ${path}; ` +
      "give an absolute path, or one that begins with ~/",
    zh:
      `存储位置是相对路径，而每个客户端会在各自的目录中启动服务：目前为 ${path}；请改用绝对路径，或以 ~/ 开头的路径`,
  };
  log.warn(warning[language]);
}

/** Beyond this machine the server would refuse credentials of its own: that clients bring theirs is as it should be. */
function tellOfSessionCredentials({ log }: ComposedServer, config: Config, isLoopback: boolean): void {
  const { language } = config;
  const { en, zh } = noCredentials(config);
  const advice: Phrase = {
    en: `${en}; or ${SESSION_CREDENTIALS.en}`,
    zh: `${zh}；或${SESSION_CREDENTIALS.zh}`,
  };
  if (isLoopback) log.warn(advice[language]);
  else log.info(CLIENTS_BRING_THEIRS[language]);
}

async function serveOneClient(server: ComposedServer, stop: Stop, facts: LogFields): Promise<void> {
  server.log.info("serving one MCP client on standard input and output", { version: VERSION, ...facts });
  await server.serveStdio(stop.signal);
}

async function serveHttp(
  server: ComposedServer,
  config: Config,
  stop: Stop,
  facts: LogFields,
): Promise<void> {
  const listening = await server.listen((address) => {
    if (address.isLoopback || config.sandbox.kind !== "none" || config.credentials.kind === "missing") return;
    const { hostname, port } = address;
    throw new StartError({
      en:
        `Refusing to listen on ${hostname}:${port}: the app credentials of the environment would be served to ` +
        "everybody who can reach it",
      zh: `拒绝监听 ${hostname}:${port}：凡是能连到它的人都会用上环境中的应用凭证`,
    }, {
      nextStep: {
        en:
          `use --host 127.0.0.1, or unset FEISHU_APP_ID and FEISHU_APP_SECRET and ${SESSION_CREDENTIALS.en}`,
        zh: `请使用 --host 127.0.0.1，或去掉 FEISHU_APP_ID 和 FEISHU_APP_SECRET 并${SESSION_CREDENTIALS.zh}`,
      },
    });
  });
  server.log.info("serving", facts);
  if (hasNoCredentials(config)) tellOfSessionCredentials(server, config, listening.isLoopback);
  const hasHosts = config.allowedHosts.size > 0;
  if (!listening.isLoopback && !hasHosts) server.log.warn(NO_ALLOWED_HOSTS[config.language]);
  if (hasHosts && config.credentials.kind === "complete") {
    server.log.warn(PUBLISHED_CREDENTIALS[config.language]);
  }
  const { url } = listening;
  server.log.announce("listening", { url: `${url}/mcp`, version: VERSION, page: `${url}/` });
  if (!stop.signal.aborted) {
    await new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve()));
  }
  await listening.shutdown(Math.max(0, stop.leftMs() - AFTER_CALLERS_MS));
}

/** When and how fast the server has to end. */
interface Stop {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** What is left of the time to stop in, in milliseconds; all of it before a signal. */
  leftMs(): number;
  /** Ends the listening for signals. */
  end(): void;
}

/** Waits for the first signal; a later one leaves at once, the journal holding what a start will need. */
function untilSignal(platform: Platform, config: Config): Stop {
  const { clock } = platform;
  const { shutdownMs } = config;
  const log = composeLog(platform, config, new Mask());
  const controller = new AbortController();
  let stopByMs: number | undefined;
  const end = onStopSignal({
    platform,
    onStop(): void {
      log.info("stopping: renewals in flight are finished first, a second signal ends at once");
      stopByMs = clock.monotonic() + shutdownMs;
      controller.abort(new Error("Stopped by a signal"));
    },
    onEndAtOnce(): void {
      log.error("ended by a second signal: a renewal that was in flight may be lost, and its login with it");
      endAtOnce(platform);
    },
  });
  return {
    signal: controller.signal,
    leftMs: () => stopByMs === undefined ? shutdownMs : Math.max(0, stopByMs - clock.monotonic()),
    end,
  };
}
