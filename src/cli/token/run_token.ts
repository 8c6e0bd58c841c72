import { inShownCommands } from "../command_line/shown_command.ts";
import type { Config } from "../../config.ts";
import { listed } from "../../errors/listed.ts";
import { MAX_MIN_TTL_SECONDS } from "../../mcp/contract/min_ttl_argument.ts";
import type { ToolContext } from "../../mcp/contract/tool.ts";
import { getFeishuAppToken } from "../../mcp/tools/get_feishu_app_token.ts";
import { getFeishuTenantToken } from "../../mcp/tools/get_feishu_tenant_token.ts";
import { refreshFeishuUserToken } from "../../mcp/tools/refresh_feishu_user_token.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { runWork, type WorkCommand } from "../work/run_work.ts";
import { readMinTtl } from "./read_min_ttl.ts";
import { readRefreshToken } from "./read_refresh_token.ts";
import { formatTokens, TOKEN_FORMATS, type TokenAnswer, type TokenFormat } from "./token_format.ts";
import { userTokenCall } from "./user_token_call.ts";

/** The call of one tool, checked before anything is opened or spent. */
type ToolCall = (context: ToolContext) => Promise<TokenAnswer>;

/**
 * Prints one token: the app's, the tenant's, that of somebody who has logged in, or of the refresh token on standard
 * input. It uses the server's code and store, so that a new pair is stored before anything is printed (promise 3).
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
      const answer = await callTool({
        ...{ tokens, logins, credentials, clock, language, log },
        withOwner: () => ({ log, owner: "local" }),
      });
      platform.stdout.write(formatTokens(answer, format));
      // Its JSON has the warning; the other formats have no room for it. No warning's text differs by door.
      if (format !== "json" && answer.warning !== undefined) {
        platform.stderr.write(`feishu-token-mcp: ${inShownCommands(String(answer.warning))}\n`);
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
  if (word === "app" || word === "tenant") {
    const tool = word === "app" ? getFeishuAppToken : getFeishuTenantToken;
    const min_ttl_seconds = readMinTtl(ownFlags["min-ttl"], MAX_MIN_TTL_SECONDS) / 1000;
    return (context) => tool.handler({ min_ttl_seconds }, context);
  }
  if (word === "user") return userTokenCall(ownFlags);
  const refresh_token = (await readRefreshToken(platform)).reveal();
  return (context) => refreshFeishuUserToken.handler({ refresh_token }, context);
}
