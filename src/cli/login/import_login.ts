import type { Phrase } from "../../errors/language.ts";
import { readRefreshToken } from "../token/read_refresh_token.ts";
import type { WorkCommand, WorkStage } from "../work/run_work.ts";
import { LoginOutcome } from "./login_outcome.ts";

/** Said before the token is presented: afterwards it is true, whatever the outcome. */
const COPY_DIES: Phrase = {
  en:
    "the copy of this refresh token that the other tool has works no more from now on: log out there, and let " +
    "programs take tokens from here",
  zh: "从现在起，其他工具保存的这个 refresh_token 不再可用：请在那里退出登录，并让程序改从这里获取令牌",
};

/**
 * Keeps the login that the refresh token on standard input belongs to.
 *
 * @returns the exit code.
 */
export async function importLogin(
  { platform, ownFlags }: WorkCommand,
  { language, withServer }: WorkStage,
): Promise<number> {
  const refreshToken = await readRefreshToken(platform);
  return await withServer(async ({ logins, log }, { credentials, clock }) => {
    const app = credentials();
    platform.stderr.write(`feishu-token-mcp: ${COPY_DIES[language]}\n`);
    const audience = { language, brand: app.brand, door: "cli" } as const;
    const outcome = new LoginOutcome({ platform, clock, audience, asJson: ownFlags.json === true });
    return outcome.tell(await logins.adopt(app, refreshToken, { owner: "local", log }));
  });
}
