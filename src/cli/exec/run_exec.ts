import { listed } from "../../errors/listed.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import { readLanguage } from "../../config.ts";
import { MAX_MIN_TTL_SECONDS } from "../../mcp/contract/min_ttl_argument.ts";
import type { ComposedServer } from "../../compose.ts";
import type { AppCredentials } from "../../ports/feishu.ts";
import type { TokenError } from "../../errors/token_error.ts";
import type { Secret } from "../../secret.ts";
import { defined } from "../../defined.ts";
import { FailedCommand, startFailure } from "../command_line/command_failure.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { lackingPermissions } from "../surroundings/lacking_permissions.ts";
import { MAX_USER_MIN_TTL_SECONDS, readMinTtl } from "../token/read_min_ttl.ts";
import { runWork, type WorkCommand } from "../work/run_work.ts";
import { childEnvironment, TOKEN_KINDS, type TokenKind } from "./child_environment.ts";
import { runProgram } from "./run_program.ts";

/** As shells have them. */
const EXIT_NOT_RUNNABLE = 126;
const EXIT_NOT_FOUND = 127;

const NOT_FOUND: Phrase = {
  en: "There is no such program, neither at that path nor in the folders of PATH",
  zh: "找不到该程序：该路径和 PATH 的各文件夹中都没有",
};

const NOT_RUNNABLE: Phrase = {
  en: "The program cannot be run: check that it is a program, and that this user may run it",
  zh: "无法运行该程序：请确认它是可执行程序，且当前用户有权运行",
};

/** The token that was asked for. */
interface Wanted {
  readonly kind: TokenKind;
  readonly minTtlMs: number;
  readonly user: string | undefined;
}

/**
 * Runs a program with a token in its environment. The store is closed before it starts.
 *
 * @returns the program's exit code; where there is no token, that of the failure.
 */
export async function runExec(command: WorkCommand): Promise<number> {
  const { platform } = command;
  const language = readLanguage(command.sources);
  let env: Record<string, string> | undefined;
  const exitCode = await runWork(command, false, async ({ withServer }) => {
    const wanted = readWanted(command.ownFlags);
    const own = await wholeEnv(command);
    const token = await withServer(async (server, { credentials }) => {
      const { accessToken, warning } = await tokenOf(wanted, server, credentials());
      const text = warning?.sentence({ language, door: "cli" });
      if (text !== undefined) platform.stderr.write(`feishu-token-mcp: ${text}\n`);
      return accessToken;
    });
    env = childEnvironment({ own, kind: wanted.kind, token: token.reveal(), os: platform.os });
    return 0;
  });
  if (env === undefined) return exitCode;
  try {
    return await runProgram({ program: command.program, env, platform });
  } catch (error) {
    const { text, code } = notStarted(error, language);
    const lacking = await lackingPermissions(error, command.command);
    platform.stderr.write(`feishu-token-mcp: ${lacking?.textIn(language) ?? text}\n`);
    return code;
  }
}

function readWanted(flags: WorkCommand["ownFlags"]): Wanted {
  const kind = TOKEN_KINDS.find((each) => each === (flags.as ?? "user"));
  if (kind === undefined) {
    throw new UsageError({
      en: `--as must be ${listed(TOKEN_KINDS, ", ", " or ")}`,
      zh: `--as 必须是 ${listed(TOKEN_KINDS, "、", " 或 ")}`,
    });
  }
  const user = typeof flags.user === "string" ? flags.user : undefined;
  if (user !== undefined && kind !== "user") {
    throw new UsageError({
      en: `--user and --as ${kind} contradict each other`,
      zh: `--user 与 --as ${kind} 互相矛盾`,
    });
  }
  const most = kind === "user" ? MAX_USER_MIN_TTL_SECONDS : MAX_MIN_TTL_SECONDS;
  return { kind, user, minTtlMs: readMinTtl(flags["min-ttl"], most) };
}

/** Read before a token is asked for, which would be in vain without the permission. */
async function wholeEnv({ platform, command, sources }: WorkCommand): Promise<Record<string, string>> {
  try {
    return platform.wholeEnv();
  } catch (error) {
    const lacking = await lackingPermissions(error, command);
    if (lacking === undefined) throw error;
    throw new FailedCommand(startFailure(lacking, "input_invalid", readLanguage(sources)));
  }
}

function tokenOf(
  { kind, minTtlMs, user }: Wanted,
  { tokens, logins, log }: ComposedServer,
  app: AppCredentials,
): Promise<{ readonly accessToken: Secret; readonly warning?: TokenError }> {
  switch (kind) {
    case "user":
      return logins.userToken(app, { ...defined({ user }), minTtlMs }, { owner: "local", log });
    case "tenant":
      return tokens.tenantToken(app, minTtlMs, { log });
    case "app":
      return tokens.appToken(app, minTtlMs, { log });
  }
}

function notStarted(error: unknown, language: Language): { readonly text: string; readonly code: number } {
  if (error instanceof Deno.errors.NotFound) return { text: NOT_FOUND[language], code: EXIT_NOT_FOUND };
  return { text: NOT_RUNNABLE[language], code: EXIT_NOT_RUNNABLE };
}
