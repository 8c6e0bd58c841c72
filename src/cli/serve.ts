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
import { inShownCommands } from "./command_line/shown_command.ts";
import { logUncaught } from "./ending/log_uncaught.ts";
import { onStopSignal } from "./ending/on_stop_signal.ts";
import { withoutJournal } from "./surroundings/without_journal.ts";

/** Part of the time to stop that is kept for the work after the callers: their last answers, and writing new pairs. */
const AFTER_CALLERS_MS = 1_500;

// Warnings at the start are log lines, and still in both languages: they tell the operator what to do.

const NO_CREDENTIALS: Phrase = {
  en:
    "no app credentials yet: run `feishu-token-mcp app add NAME`, or set FEISHU_APP_ID and FEISHU_APP_SECRET (developer console, your app, " +
    "Credentials & Basic Info) and restart, or try it without an account with --sandbox",
  zh:
    "尚未配置应用凭证：请运行 `feishu-token-mcp app add NAME`，或设置 FEISHU_APP_ID 和 FEISHU_APP_SECRET（开发者后台 → 你的应用 → 凭证与基础信息）后重启，" +
    "没有账号也可加 --sandbox 先试用",
};

const SESSION_CREDENTIALS: Phrase = {
  en:
    `let each client send its own (headers ${CREDENTIAL_HEADERS.app_id} and ${CREDENTIAL_HEADERS.app_secret})`,
  zh: `让每个客户端发送自己的凭证（请求头 ${CREDENTIAL_HEADERS.app_id} 和 ${CREDENTIAL_HEADERS.app_secret}）`,
};

const CLIENTS_BRING_THEIRS: Phrase = {
  en:
    `no app credentials of its own: each client sends those of its app (headers ${CREDENTIAL_HEADERS.app_id} ` +
    `and ${CREDENTIAL_HEADERS.app_secret})`,
  zh:
    `本服务自身不带应用凭证：每个客户端发送自己应用的凭证（请求头 ${CREDENTIAL_HEADERS.app_id} 和 ${CREDENTIAL_HEADERS.app_secret}）`,
};

const NO_ALLOWED_HOSTS: Phrase = {
  en:
    "other machines can connect, and requests under the names that they use for this one are refused: list those " +
    "names in FEISHU_TOKEN_ALLOWED_HOSTS",
  zh: "其他机器可以连到本服务，但通过域名发来的请求会被拒绝：请在 FEISHU_TOKEN_ALLOWED_HOSTS 中列出这些域名",
};

const PUBLISHED_CREDENTIALS: Phrase = {
  en:
    "anyone who can reach this server under a name of FEISHU_TOKEN_ALLOWED_HOSTS gets tokens of the configured app",
  zh: "凡是能通过 FEISHU_TOKEN_ALLOWED_HOSTS 中的域名访问本服务的人，都能拿到所配置应用的令牌",
};

/**
 * Runs the server until its client or a signal ends it.
 *
 * @param atEnd takes what is to be called after the last output; without it that is called before this resolves.
 * @returns the exit code.
 * @throws StartError where the server cannot start.
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
    const target = await unlessStopped(stop.signal, openFeishuTarget(platform, config, stop.signal));
    if (target === null) return 0;
    try {
      await serveTarget(platform, config, target, stop);
    } finally {
      await target.close();
    }
    return 0;
  } finally {
    stop.end();
    if (atEnd === undefined) endUncaught();
  }
}

async function serveTarget(
  platform: Platform,
  config: Config,
  target: FeishuTarget,
  stop: Stop,
): Promise<void> {
  const server = await unlessStopped(
    stop.signal,
    composeServer({ platform, config, ...target, signal: stop.signal }),
  );
  if (server === null) return;
  // After the signal no further token is presented: another process renews the logins that are due.
  stop.signal.addEventListener("abort", () => server.stopWaiting(), { once: true });
  try {
    for (const warning of config.warnings) server.log.warn(warning[config.language]);
    if (server.journalProblem !== undefined) {
      const { problem, nextStep } = withoutJournal(server.journalProblem, platform.os);
      const line: Phrase = { en: `${problem.en}: ${nextStep.en}`, zh: `${problem.zh}：${nextStep.zh}` };
      server.log.warn(line[config.language]);
    }
    if (config.transport === "stdio" && hasNoCredentials(config, server)) {
      server.log.warn(inShownCommands(noCredentials(config)[config.language]));
    }
    if (config.transport === "stdio") warnOfRelativePlace(server, config, target, platform);
    const facts = factsOf(server, config, target);
    if (config.transport === "stdio") await serveOneClient(server, stop, facts);
    else await serveHttp(server, config, stop, facts);
  } finally {
    await server.close(stop.leftMs());
  }
}

/** Awaits `start`; `null` where a signal has ended it. */
async function unlessStopped<T>(signal: AbortSignal, start: Promise<T>): Promise<T | null> {
  try {
    return await start;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

/** Log fields that tell one server from another: its app, its store, its Feishu. */
function factsOf(
  { place, credentials }: ComposedServer,
  config: Config,
  { baseUrl }: FeishuTarget,
): LogFields {
  const app = availableApp(credentials);
  const isSandbox = config.sandbox.kind !== "none";
  return {
    app_id: app && shownAppId(app.shownAs ?? app.appId),
    brand: app?.brand,
    store: place[config.language],
    sandbox: isSandbox && baseUrl,
    base_url: isSandbox ? undefined : baseUrl,
    callers: hasCallerKeys(config) ? new Set(config.callerKeys.map(({ name }) => name)).size : undefined,
  };
}

function hasCallerKeys({ callerKeys }: Config): boolean {
  return callerKeys.length > 0;
}

function hasNoCredentials({ sandbox, credentials }: Config, server: ComposedServer): boolean {
  return sandbox.kind === "none" && credentials.kind === "missing" && !server.usesKeptApp();
}

/** The warning about missing credentials. A place where they may be, unread, comes last. */
function noCredentials({ credentials }: Config): Phrase {
  const { hint } = credentials.kind === "missing" ? credentials : {};
  return hint === undefined ? NO_CREDENTIALS : joinPhrases([NO_CREDENTIALS, hint]);
}

/** A relative place makes two stores of one, since each client starts its server in a folder of its own. */
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
      "use an absolute path, or one that begins with ~/",
    zh:
      `存储位置是相对路径，而每个客户端会在各自的文件夹中启动服务：目前为 ${path}；请改用绝对路径，或以 ~/ 开头的路径`,
  };
  log.warn(warning[language]);
}

/**
 * Warns on loopback. Beyond it credentials of the server's own are refused, so that their absence is as it should be.
 */
function tellOfSessionCredentials({ log }: ComposedServer, config: Config, isLoopback: boolean): void {
  const { language } = config;
  const { en, zh } = noCredentials(config);
  const advice: Phrase = {
    en: `${en}; or ${SESSION_CREDENTIALS.en}`,
    zh: `${zh}；或${SESSION_CREDENTIALS.zh}`,
  };
  if (isLoopback) log.warn(inShownCommands(advice[language]));
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
    if (address.isLoopback || hasCallerKeys(config)) return;
    // Whether a kept app may be used is judged for each call.
    if (config.sandbox.kind !== "none" || config.app !== undefined) return;
    if (config.credentials.kind === "missing") return;
    const { hostname, port } = address;
    throw new StartError({
      en:
        `Refusing to listen on ${hostname}:${port}: the app credentials of the environment would be served to ` +
        "everybody who can reach it",
      zh: `拒绝监听 ${hostname}:${port}：凡是能连到它的人都会用上环境中的应用凭证`,
    }, {
      nextStep: {
        en:
          "give each caller a key (FEISHU_TOKEN_CALLER_KEYS), or use --host 127.0.0.1, or unset FEISHU_APP_ID and " +
          `FEISHU_APP_SECRET and ${SESSION_CREDENTIALS.en}`,
        zh:
          "请为每个调用方设置密钥（FEISHU_TOKEN_CALLER_KEYS），或使用 --host 127.0.0.1，或去掉 FEISHU_APP_ID 和 " +
          `FEISHU_APP_SECRET 并${SESSION_CREDENTIALS.zh}`,
      },
    });
  });
  server.log.info("serving", facts);
  if (hasNoCredentials(config, server)) tellOfSessionCredentials(server, config, listening.isLoopback);
  const hasHosts = config.allowedHosts.size > 0;
  if (!listening.isLoopback && !hasHosts) server.log.warn(NO_ALLOWED_HOSTS[config.language]);
  if (hasHosts && config.credentials.kind === "complete" && !hasCallerKeys(config)) {
    server.log.warn(PUBLISHED_CREDENTIALS[config.language]);
  }
  const { url } = listening;
  server.log.announce("listening", { url: `${url}/mcp`, version: VERSION, page: `${url}/` });
  if (!stop.signal.aborted) {
    await new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve()));
  }
  await listening.shutdown(Math.max(0, stop.leftMs() - AFTER_CALLERS_MS));
}

/** The end of the server by a signal. */
interface Stop {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Remaining time to stop, in milliseconds; before a signal all of it. */
  leftMs(): number;
  /** Stops listening for signals. */
  end(): void;
}

/** Stops at the first signal and ends at once at a later one: the next start reads new pairs from the journal. */
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
