import type { Config } from "../../config.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { runWork, type WorkCommand } from "../work/run_work.ts";
import { importLogin } from "./import_login.ts";
import { LoginDialogue } from "./login_dialogue.ts";
import { readLoginFlags, wantsLoginJson } from "./login_flags.ts";

/**
 * Lets a person log in: shows the link, waits for the person, and says who it was. Or it keeps the login that the refresh
 * token on standard input belongs to.
 *
 * @returns the exit code: 75 where a login was asked about once and still waits, 130 where a signal ended the wait.
 */
export function runLogin(command: WorkCommand): Promise<number> {
  const { ownFlags, platform, sources } = command;
  return runWork(command, wantsLoginJson(ownFlags), async (stage) => {
    requireLastingStore(stage.config);
    if (command.word === "import") return await importLogin(command, stage);
    const flags = readLoginFlags(ownFlags);
    return await stage.withServer((server, target) =>
      new LoginDialogue({ flags, stage, platform, settingFlags: sources.flags, server, target }).run()
    );
  });
}

/** A store in memory ends with the command. */
function requireLastingStore({ kv }: Config): void {
  if (kv !== ":memory:") return;
  throw new UsageError({
    en:
      "The store is in memory, so that the login would end with this command: use one on the disk (--kv PATH)",
    zh: "令牌存储在内存中，登录会随该命令一起消失：请使用磁盘上的存储（--kv PATH）",
  });
}
