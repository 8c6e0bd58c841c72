import type { Config } from "../../config.ts";
import type { Phrase } from "../../errors/language.ts";
import { listed } from "../../errors/listed.ts";
import { StartError } from "../../errors/start_error.ts";
import { verbatim } from "../../errors/verbatim.ts";
import { brokenRule } from "../../mcp/contract/broken_rule.ts";
import { MIN_TTL_RULE } from "../../mcp/contract/min_ttl_argument.ts";
import type { ToolContext } from "../../mcp/contract/tool.ts";
import { getFeishuAppToken } from "../../mcp/tools/get_feishu_app_token.ts";
import { getFeishuTenantToken } from "../../mcp/tools/get_feishu_tenant_token.ts";
import { refreshFeishuUserToken } from "../../mcp/tools/refresh_feishu_user_token.ts";
import type { Platform } from "../../platform.ts";
import type { Secret } from "../../secret.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { runWork, type WorkCommand } from "../work/run_work.ts";
import { readTokenFromStdin } from "./read_token_from_stdin.ts";
import { stdinFault } from "./stdin_fault.ts";
import { formatTokens, TOKEN_FORMATS, type TokenAnswer, type TokenFormat } from "./token_format.ts";

const STDIN: Phrase = { en: "What standard input holds", zh: "标准输入的内容" };

/** The call of one tool, checked before anything is opened or spent. */
type ToolCall = (context: ToolContext) => Promise<TokenAnswer>;

/**
 * Prints one token: the app's, the tenant's, or the user's for the refresh token on standard input. It uses the
 * server's code and store, so that a new pair is stored before anything is printed (promise 3).
 *
 * @returns the exit code, by the kind of the failure.
 */
export function runToken(command: WorkCommand): Promise<number> {
  const { platform, ownFlags } = command;
  const asJson = ownFlags.json === true || ownFlags.format === "json";
  return runWork(command, asJson, async ({ config, language, withServer }) => {
    const format = readFormat(ownFlags);
    if (command.word === "refresh" && format === "text") requireLastingStore(config);
    const callTool = await readToolCall(command);
    await withServer(async ({ tokens, logins, log }, { credentials, clock }) => {
      const answer = await callTool({ tokens, logins, owner: "local", credentials, clock, language, log });
      platform.stdout.write(formatTokens(answer, format));
      // Its JSON has the warning; the other formats have no room for it. No warning's text differs by door.
      if (format !== "json" && answer.warning !== undefined) {
        platform.stderr.write(`feishu-token-mcp: ${answer.warning}\n`);
      }
    });
    return 0;
  });
}

function readFormat({ format, json }: WorkCommand["ownFlags"]): TokenFormat {
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

async function readToolCall({ platform, word, ownFlags }: WorkCommand): Promise<ToolCall> {
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

function wholeNumber(text: string | true): number {
  return typeof text === "string" && /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}

/** `rule` is the end of a sentence, as in the tools' contract. */
function ruleBroken(subject: Phrase, rule: Phrase): Phrase {
  return { en: `${subject.en} ${rule.en}`, zh: `${subject.zh} ${rule.zh}` };
}
