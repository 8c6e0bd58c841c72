import { type ComposedServer, type ComposeOptions, composeServer } from "../../compose.ts";
import type { Platform } from "../../platform.ts";
import { type Config, type ConfigSources, readConfig, readLanguage } from "../../config.ts";
import type { Audience } from "../../errors/audience.ts";
import type { ErrorCode } from "../../errors/error_table.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { TokenError } from "../../errors/token_error.ts";
import { verbatim } from "../../errors/verbatim.ts";
import { brokenRule } from "../../mcp/contract/broken_rule.ts";
import { MIN_TTL_RULE } from "../../mcp/contract/min_ttl_argument.ts";
import { getFeishuAppToken } from "../../mcp/tools/get_feishu_app_token.ts";
import { getFeishuTenantToken } from "../../mcp/tools/get_feishu_tenant_token.ts";
import { refreshFeishuUserToken } from "../../mcp/tools/refresh_feishu_user_token.ts";
import type { ToolContext } from "../../mcp/contract/tool.ts";
import type { Secret } from "../../secret.ts";
import { listed } from "../../errors/listed.ts";
import { SettingReader } from "../../setting_reader.ts";
import { within } from "../../concurrency/within.ts";
import { type FeishuTarget, openFeishuTarget } from "../target/feishu_target.ts";
import { endAtOnce, EXIT_INTERRUPTED } from "../ending/end_at_once.ts";
import { lackingPermissions } from "../surroundings/lacking_permissions.ts";
import { logUncaught } from "../ending/log_uncaught.ts";
import { onStopSignal } from "../ending/on_stop_signal.ts";
import {
  type CommandFailure,
  FailedCommand,
  startFailure,
  tellFailure,
  unexpectedFailure,
  usageFailure,
  workFailure,
} from "../command_line/command_failure.ts";
import { stdinFault } from "./stdin_fault.ts";
import { formatTokens, TOKEN_FORMATS, type TokenAnswer, type TokenFormat } from "./token_format.ts";
import { readTokenFromStdin } from "./read_token_from_stdin.ts";
import { UsageError } from "../command_line/usage_error.ts";

/** Longest wait for work behind an answer: a commit that is retried, a renewal ahead of time. */
const CLOSE_DEADLINE_MS = 10_000;

/** Longest wait for the end of a backoff after a failure of another process: a script calls the command only once. */
const PAUSE_PATIENCE_MS = 10_000;

const STDIN: Phrase = { en: "What standard input holds", zh: "标准输入的内容" };
const FINISHING: Phrase = {
  en: "finishing what is in progress; a second signal ends the command at once",
  zh: "先完成正在进行的操作；再次发送信号将立即结束该命令",
};
const ENDED_AT_ONCE: Phrase = {
  en: "ended by a second signal: a refresh that was in progress may be lost, and its login with it",
  zh: "收到第二个信号，已立即结束：正在进行的刷新可能丢失，对应的登录也随之失效",
};

/** Options of {@linkcode runToken}. */
export interface TokenCommand {
  /** The machine. */
  readonly platform: Platform;
  /** Of the settings. */
  readonly sources: ConfigSources;
  /** Of the env files. */
  readonly problems: readonly Phrase[];
  /** `min-ttl`, `format` and `json`, as given. */
  readonly ownFlags: Readonly<Record<string, string | true>>;
  /** `app`, `tenant` or `refresh`. */
  readonly word: string | undefined;
  /** Takes what is called after the last output. */
  readonly atEnd: (end: () => void) => void;
}

/** The call of one tool, checked before anything is opened or spent. */
type ToolCall = (context: ToolContext) => Promise<TokenAnswer>;

/**
 * Prints one token: the app's, the tenant's, or the user's for the refresh token on standard input. It uses the
 * server's code and store, so that a new pair is stored before anything is printed (promise 3).
 *
 * @returns the exit code, by the kind of the failure.
 */
export async function runToken(command: TokenCommand): Promise<number> {
  const { platform, ownFlags } = command;
  const asJson = ownFlags.json === true || ownFlags.format === "json";
  const language = readLanguage(command.sources);
  let brand: Audience["brand"];
  const stop = finishOnSignal(platform, language);
  try {
    const format = readFormat(ownFlags);
    const config = readQuietConfig(command);
    command.atEnd(logUncaught(platform, config));
    if (command.word === "refresh" && format === "text") requireLastingStore(config);
    const callTool = await readToolCall(command);
    if (config.credentials.kind === "complete") brand = config.credentials.credentials.brand;
    await withServer(
      { platform, config, signal: stop.signal },
      async ({ tokens, logins, log }, { credentials, clock }) => {
        const answer = await callTool({ tokens, logins, owner: "local", credentials, clock, language, log });
        platform.stdout.write(formatTokens(answer, format));
        // Its JSON has the warning; the other formats have no room for it. No warning's text differs by door.
        if (format !== "json" && answer.warning !== undefined) {
          platform.stderr.write(`feishu-token-mcp: ${answer.warning}\n`);
        }
      },
    );
    return 0;
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) return EXIT_INTERRUPTED;
    return tellFailure(platform, failureOf(error, { language, brand }), asJson);
  } finally {
    stop.end();
  }
}

function readFormat({ format, json }: TokenCommand["ownFlags"]): TokenFormat {
  const known = TOKEN_FORMATS.find((each) => each === (format ?? (json === true ? "json" : "text")));
  if (known === undefined) {
    throw new UsageError({
      en: `--format must be ${listed(TOKEN_FORMATS, ", ", " or ")}`,
      zh: `--format 必须是 ${listed(TOKEN_FORMATS, "、", " 或 ")}`,
    });
  }
  if (json === true && known !== "json") {
    throw new UsageError({
      en: `--json and --format ${known} contradict each other`,
      zh: `--json 与 --format ${known} 互相矛盾`,
    });
  }
  return known;
}

/**
 * The configuration with a log of errors only, unless a level is set: scripts read the one failure on standard error.
 */
function readQuietConfig({ sources, problems }: TokenCommand): Config {
  const reading = readConfig(sources);
  const all = [...problems, ...(reading.ok ? [] : reading.problems)];
  if (!reading.ok || all.length > 0) throw new UsageError(...all);
  const isLevelSet = new SettingReader(sources).setBy("logLevel") !== undefined;
  return isLevelSet ? reading.config : { ...reading.config, logLevel: "error" };
}

/** A store in memory ends with the command, so that a new refresh token that is not printed would be lost. */
function requireLastingStore({ kv }: Config): void {
  if (kv !== ":memory:") return;
  throw new UsageError({
    en:
      "The store is in memory, and --format text prints the access token alone: the new refresh token would " +
      "be lost. Use --format json or env, or a store on the disk (--kv PATH)",
    zh:
      "令牌存储在内存中，而 --format text 只输出 access_token：新的 refresh_token 会丢失。请使用 --format json 或 " +
      "env，或使用磁盘上的存储（--kv PATH）",
  });
}

async function readToolCall({ platform, word, ownFlags }: TokenCommand): Promise<ToolCall> {
  const minTtl = ownFlags["min-ttl"];
  if (word === "app" || word === "tenant") {
    const tool = word === "app" ? getFeishuAppToken : getFeishuTenantToken;
    const seconds = minTtl === undefined ? undefined : wholeNumber(minTtl);
    const input = tool.input.safeParse({ min_ttl_seconds: seconds });
    if (!input.success) throw new UsageError(ruleBroken(verbatim("--min-ttl"), MIN_TTL_RULE));
    return (context) => tool.handler(input.data, context);
  }
  if (minTtl !== undefined) {
    throw new UsageError({
      en: "--min-ttl is a flag of token app and token tenant only",
      zh: "--min-ttl 只用于 token app 和 token tenant",
    });
  }
  const token = await readRefreshToken(platform);
  const fault = stdinFault(token);
  if (fault !== undefined) throw new UsageError(fault);
  const input = refreshFeishuUserToken.input.safeParse({ refresh_token: token.reveal() });
  if (!input.success) {
    throw new UsageError(
      ...input.error.issues.slice(0, 1).map((issue) =>
        ruleBroken(STDIN, brokenRule(refreshFeishuUserToken, issue))
      ),
    );
  }
  return (context) => refreshFeishuUserToken.handler(input.data, context);
}

async function readRefreshToken({ stdin }: Platform): Promise<Secret> {
  try {
    return await readTokenFromStdin(stdin);
  } catch (error) {
    throw error instanceof StartError ? new UsageError(error.line) : error;
  }
}

async function withServer(
  { platform, config, signal }: Pick<ComposeOptions, "platform" | "config"> & {
    readonly signal: AbortSignal;
  },
  work: (server: ComposedServer, target: FeishuTarget) => Promise<void>,
): Promise<void> {
  const target = await started(
    config.sandbox.kind === "embedded" ? "input_invalid" : "feishu_unavailable",
    config.language,
    openFeishuTarget(platform, config, signal),
  );
  try {
    const server = await started(
      "store_unavailable",
      config.language,
      composeServer({ platform, config, ...target, signal, pausePatienceMs: PAUSE_PATIENCE_MS }),
    );
    const stopWaiting = (): void => server.stopWaiting();
    signal.addEventListener("abort", stopWaiting, { once: true });
    try {
      signal.throwIfAborted();
      for (const warning of config.warnings) server.log.info(warning[config.language]);
      await work(server, target);
    } finally {
      // Until then the write of a pair that the store did not take is retried.
      await within(platform.clock, CLOSE_DEADLINE_MS, server.tokens.drain());
      await server.close(CLOSE_DEADLINE_MS);
    }
  } finally {
    await target.close();
  }
}

/** Awaits `start`. Its failure has the code `code` for scripts. */
async function started<T>(code: ErrorCode, language: Language, start: Promise<T>): Promise<T> {
  try {
    return await start;
  } catch (error) {
    const told = await lackingPermissions(error, "token") ?? error;
    throw told instanceof StartError ? new FailedCommand(startFailure(told, code, language)) : told;
  }
}

/** The end of the command by a signal. */
interface Stop {
  /** Aborted by the first signal: no further work begins. */
  readonly signal: AbortSignal;
  /** Stops listening for signals. */
  end(): void;
}

/** Lets a renewal in progress finish at the first signal, since Feishu may have already spent the token. */
function finishOnSignal(platform: Platform, language: Language): Stop {
  const say = (phrase: Phrase): void => platform.stderr.write(`feishu-token-mcp: ${phrase[language]}\n`);
  const controller = new AbortController();
  const end = onStopSignal({
    platform,
    onStop(): void {
      say(FINISHING);
      controller.abort(new Error("Stopped by a signal"));
    },
    onEndAtOnce(): void {
      say(ENDED_AT_ONCE);
      endAtOnce(platform);
    },
  });
  return { signal: controller.signal, end };
}

function failureOf(error: unknown, audience: Audience): CommandFailure {
  if (error instanceof FailedCommand) return error.failure;
  if (error instanceof UsageError) return usageFailure(error.problems, audience.language);
  return error instanceof TokenError ? workFailure(error, audience) : unexpectedFailure(error, audience);
}

function wholeNumber(text: string | true): number {
  return typeof text === "string" && /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}

/** `rule` is the end of a sentence, as in the tools' contract. */
function ruleBroken(subject: Phrase, rule: Phrase): Phrase {
  return { en: `${subject.en} ${rule.en}`, zh: `${subject.zh} ${rule.zh}` };
}
