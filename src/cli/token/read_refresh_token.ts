import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { brokenRule } from "../../mcp/contract/broken_rule.ts";
import { refreshFeishuUserToken } from "../../mcp/tools/refresh_feishu_user_token.ts";
import type { Platform } from "../../platform.ts";
import { Secret } from "../../secret.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { readTokenFromStdin } from "./read_token_from_stdin.ts";
import { stdinFault } from "./stdin_fault.ts";

const STDIN: Phrase = { en: "What standard input holds", zh: "标准输入的内容" };

/**
 * Reads the refresh token on standard input, out of what was pasted around it.
 *
 * @throws UsageError for a terminal, and for what is no refresh token.
 */
export async function readRefreshToken(platform: Pick<Platform, "stdin">): Promise<Secret> {
  const given = await readSecretFromStdin(platform);
  const fault = stdinFault(given);
  if (fault !== undefined) throw new UsageError(fault);
  const input = refreshFeishuUserToken.input().safeParse({ refresh_token: given.reveal() });
  if (!input.success) {
    throw new UsageError(
      ...input.error.issues.slice(0, 1).map((issue) => {
        const rule = brokenRule(refreshFeishuUserToken, issue);
        return { en: `${STDIN.en} ${rule.en}`, zh: `${STDIN.zh} ${rule.zh}` };
      }),
    );
  }
  return new Secret(String(input.data.refresh_token));
}

/**
 * Reads what is on standard input, without the blanks around it.
 *
 * @param what names it where it cannot be read; a refresh token unless given.
 * @throws UsageError for a terminal, and for what is too long.
 */
export async function readSecretFromStdin(
  { stdin }: Pick<Platform, "stdin">,
  what?: Phrase,
): Promise<Secret> {
  try {
    return await readTokenFromStdin(stdin, what);
  } catch (error) {
    throw error instanceof StartError ? new UsageError(error.line) : error;
  }
}
