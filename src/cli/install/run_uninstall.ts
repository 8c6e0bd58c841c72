import type { Phrase } from "../../errors/language.ts";
import { editFile, type FileEdit } from "../client_files/edit_file.ts";
import { unfitClientFile } from "../client_files/unfit_client_file.ts";
import type { McpClient } from "../clients/mcp_client.ts";
import { type ShellCommand, type ShellStage, withShell } from "../launch/with_shell.ts";
import { isOwnEntry } from "./is_own_entry.ts";
import { readEntries } from "./read_entries.ts";
import { readClient } from "./run_install.ts";
import { runOwnCommand } from "./run_own_command.ts";

/**
 * Takes this server out of a client's configuration. Done again it does nothing.
 *
 * @returns the exit code: 3 where the file cannot be changed.
 */
export function runUninstall(command: ShellCommand): Promise<number> {
  return withShell(command, "uninstall", async (stage) => {
    const { client, name } = readClient("uninstall", command.ownFlags);
    stage.say(await uninstall(stage, client, name));
    return 0;
  });
}

async function uninstall({ platform, warn }: ShellStage, client: McpClient, name: string): Promise<Phrase> {
  const { os, random, clock } = platform;
  const path = await client.place(platform);
  const { entries } = await readEntries(client, path, os);
  if (!entries.has(name)) {
    return {
      en: `${client.title}: ${path} has no entry ${name}; nothing was changed`,
      zh: `${client.title}：${path} 中没有条目 ${name}；未作任何改动`,
    };
  }
  if (!isOwnEntry(name, entries.get(name))) {
    throw unfitClientFile(path, {
      en: `its entry ${name} is another server`,
      zh: `其中的条目 ${name} 是另一个服务`,
    }, { en: "install --list shows the names", zh: "可用 install --list 查看名称" });
  }
  const by = await runOwnCommand(client, { name, exists: true }, platform, warn);
  if (by !== undefined && !(await readEntries(client, path, os)).entries.has(name)) {
    return removedText(client, name, path, undefined);
  }
  const remove = (text: string): string => client.format.remove(text, name);
  return removedText(
    client,
    name,
    path,
    await editFile(path, remove, { os, random, now: () => clock.now() }),
  );
}

function removedText(client: McpClient, name: string, path: string, edit: FileEdit | undefined): Phrase {
  const copy: Phrase = edit?.backup === undefined ? { en: "", zh: "" } : {
    en: `; the file as it was: ${edit.backup}`,
    zh: `；修改前的文件：${edit.backup}`,
  };
  return {
    en: `${client.title}: ${name} is no longer in ${path}${copy.en}`,
    zh: `${client.title}：${name} 已从 ${path} 中删除${copy.zh}`,
  };
}
