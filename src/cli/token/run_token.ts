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
import { endAtOnce } from "../ending/end_at_once.ts";
import { lackingPermissions } from "../surroundings/lacking_permissions.ts";
import { logUncaught } from "../ending/log_uncaught.ts";
import { onStopSignal } from "../ending/on_stop_signal.ts";
import {
  type CommandFailure,
  FailedCommand,
  inCliWords,
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

/** How long what is still under way behind an answer may take: a commit that is tried again, a renewal ahead of time. */
const CLOSE_DEADLINE_MS = 10_000;

/** So long it waits for a pause that an earlier run, or a server, keeps after a failure: a script calls it once. */
const PAUSE_PATIENCE_MS = 10_000;

/** Exit code where a signal came before there was anything to finish, by convention 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;

const STDIN: Phrase = { en: "What standard input holds", zh: "标准输入的内容" };
const FINISHING: Phrase = {
  en: "finishing what is under way first; a second signal ends at once",
  zh: "先完成正在进行的操作；再次发送信号将立即结束",
};
const ENDED_AT_ONCE: Phrase = {
  en: "ended by a second signal: a refresh that was under way may be lost, and its login with it",
  zh: "收到第二个信号，已立即结束：正在进行的刷新可能丢失，对应的登录也随之失效",
};

/** What {@linkcode runToken} is told. */
export interface TokenCommand {
  /** Everything real. */
  readonly platform: Platform;
  /** Where settings are read from. */
  readonly sources: ConfigSources;
  /** What was wrong with the env files. */
  readonly problems: readonly Phrase[];
  /** `min-ttl`, `format`, `json`, as given. */
  readonly ownFlags: Readonly<Record<string, string | true>>;
  /** `app`, `tenant` or `refresh`. */
  readonly word: string | undefined;
  /** Calls what it is given when everything is over and written. */
  readonly atEnd: (end: () => void) => void;
}

/** The question, read and checked before anything is opened or spent. */
type Question = (context: ToolContext) => Promise<TokenAnswer>;

/**
 * Prints one token: the app's, the tenant's, or the user's for the refresh token on standard input. It goes the server's own way, with
 * the server's store: what was spent is kept before anything is printed.
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
    const question = await readQuestion(command);
    if (config.credentials.kind === "complete") brand = config.credentials.credentials.brand;
    await withServer(
      { platform, config, signal: stop.signal },
      async ({ tokens, log }, { credentials, clock }) => {
        const answer = await question({ tokens, credentials, clock, language, log });
        platform.stdout.write(formatTokens(answer, format));
        // The other formats have no room for it.
        if (format !== "json" && answer.warning !== undefined) {
          platform.stderr.write(`feishu-token-mcp: ${inCliWords(answer.warning, undefined, language)}\n`);
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

/** Nothing but the one failure belongs on standard error, which scripts read, unless somebody asked for more. */
function readQuietConfig({ sources, problems }: TokenCommand): Config {
  const reading = readConfig(sources);
  const all = [...problems, ...(reading.ok ? [] : reading.problems)];
  if (!reading.ok || all.length > 0) throw new UsageError(...all);
  const isLevelSet = new SettingReader(sources).setBy("logLevel") !== undefined;
  return isLevelSet ? reading.config : { ...reading.config, logLevel: "error" };
}

/** A store in memory ends with this command, and the new refresh token with it, unless that is printed too. */
function requireLastingStore({ kv }: Config): void {
  if (kv !== ":memory:") return;
  throw new UsageError({
    en:
      "The store is in memory, and --format text prints the access token alone: the new refresh token would " +
      "be lost. Use --format json or env, or a store that stays (--kv PATH)",
    zh:
      "令牌存储在内存中，而 --format text 只输出 access_token：新的 refresh_token 会丢失。请使用 --format json 或 " +
      "env，或使用会保留的存储（--kv PATH）",
  });
}

async function readQuestion({ platform, word, ownFlags }: TokenCommand): Promise<Question> {
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
      en: "--min-ttl is a flag of token app and token tenant alone",
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
  work: (server: ComposedServer, backing: FeishuTarget) => Promise<void>,
): Promise<void> {
  const backing = await started(
    config.sandbox.kind === "embedded" ? "input_invalid" : "feishu_unavailable",
    config.language,
    openFeishuTarget(platform, config, signal),
  );
  try {
    const server = await started(
      "store_unavailable",
      config.language,
      composeServer({ platform, config, ...backing, signal, pausePatienceMs: PAUSE_PATIENCE_MS }),
    );
    const stopWaiting = (): void => server.stopWaiting();
    signal.addEventListener("abort", stopWaiting, { once: true });
    try {
      signal.throwIfAborted();
      for (const warning of config.warnings) server.log.info(warning[config.language]);
      await work(server, backing);
    } finally {
      // A pair that the store did not take at once is tried on with until then.
      await within(platform.clock, CLOSE_DEADLINE_MS, server.tokens.drain());
      await server.close(CLOSE_DEADLINE_MS);
    }
  } finally {
    await backing.close();
  }
}

/** `start`, whose failure goes by `code` for scripts. */
async function started<T>(code: ErrorCode, language: Language, start: Promise<T>): Promise<T> {
  try {
    return await start;
  } catch (error) {
    const told = await lackingPermissions(error, "token") ?? error;
    throw told instanceof StartError ? new FailedCommand(startFailure(told, code, language)) : told;
  }
}

/** How a signal ends the command. */
interface Stop {
  /** Aborted by the first signal: nothing more is begun. */
  readonly signal: AbortSignal;
  /** Ends the listening for signals. */
  end(): void;
}

/** A renewal that was begun is brought to its end, since Feishu may have spent the token already. */
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

/** The tools' rules read as the end of a sentence. */
function ruleBroken(subject: Phrase, rule: Phrase): Phrase {
  return { en: `${subject.en} ${rule.en}`, zh: `${subject.zh} ${rule.zh}` };
}
