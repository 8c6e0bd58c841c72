import type { Phrase } from "../../errors/language.ts";
import type { Secret } from "../../secret.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { readRefreshToken, readSecretFromStdin } from "../token/read_refresh_token.ts";
import type { WorkCommand, WorkStage } from "../work/run_work.ts";
import { readLarkMcpLogin } from "./read_lark_mcp_login.ts";
import { LoginOutcome } from "./login_outcome.ts";

/** Said before the token is presented: afterwards it is true, whatever the outcome. */
const COPY_DIES: Phrase = {
  en:
    "the copy of this refresh token that the other tool has works no more from now on: log out there, and let " +
    "programs take tokens from here",
  zh: "从现在起，其他工具保存的这个 refresh_token 不再可用：请在那里退出登录，并让程序改从这里获取令牌",
};

/** The only other tool whose store can be read. */
const LARK_MCP = "lark-mcp";
const LARK_MCP_KEY: Phrase = { en: "key of lark-mcp's store", zh: "lark-mcp 存储的密钥" };

/**
 * Keeps the login that the refresh token on standard input belongs to, or the one that lark-mcp keeps, whose key is on
 * standard input then.
 *
 * @returns the exit code.
 */
export async function importLogin(
  { platform, ownFlags }: WorkCommand,
  { language, withServer }: WorkStage,
): Promise<number> {
  const refreshTokenOf = await readSource(platform, ownFlags.from);
  return await withServer(async ({ logins, log }, { credentials, clock }) => {
    const app = credentials();
    const refreshToken = await refreshTokenOf(app.shownAs ?? app.appId);
    platform.stderr.write(`feishu-token-mcp: ${COPY_DIES[language]}\n`);
    const audience = { language, brand: app.brand, door: "cli" } as const;
    const outcome = new LoginOutcome({ platform, clock, audience, asJson: ownFlags.json === true });
    return outcome.tell(await logins.adopt(app, refreshToken, { owner: "local", log }));
  });
}

/** Reads standard input; the function finds the refresh token of an app. */
async function readSource(
  platform: WorkCommand["platform"],
  from: string | true | undefined,
): Promise<(appId: string) => Promise<Secret>> {
  if (from === undefined) {
    const refreshToken = await readRefreshToken(platform);
    return () => Promise.resolve(refreshToken);
  }
  if (from !== LARK_MCP) {
    throw new UsageError({
      en: `--from must be ${LARK_MCP}; of any other tool give the refresh token itself on standard input`,
      zh: `--from 只能是 ${LARK_MCP}；其他工具请从标准输入传入 refresh_token 本身`,
    });
  }
  const key = await readSecretFromStdin(platform, LARK_MCP_KEY);
  return (appId) => readLarkMcpLogin(platform, key, appId);
}
