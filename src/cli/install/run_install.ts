import type { Phrase } from "../../errors/language.ts";
import { EXIT_CODES } from "../command_line/exit_codes.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { allClientNames, clientNamed } from "../clients/client_named.ts";
import type { McpClient } from "../clients/mcp_client.ts";
import { hasApp } from "../launch/has_app.ts";
import { type Launch, launch, type LaunchForm } from "../launch/launch.ts";
import { settle } from "../launch/settle.ts";
import { type ShellCommand, type ShellStage, withShell } from "../launch/with_shell.ts";
import { listClients } from "./list_clients.ts";
import { DEFAULT_ENTRY } from "./is_own_entry.ts";
import { type PlacedEntry, placeEntry } from "./place_entry.ts";
import { putBack } from "./put_back.ts";
import { requireNoLossOfApp } from "./require_no_loss_of_app.ts";
import { type EntryTrial, tryEntry } from "./try_entry.ts";

/**
 * Puts this server into a client's configuration, and starts it as the client will.
 *
 * @returns the exit code: 3 where the file cannot be changed, or the server does not start.
 */
export function runInstall(command: ShellCommand): Promise<number> {
  return withShell(command, "install", async (stage) => {
    const { ownFlags } = command;
    if (ownFlags.list === true) {
      refuseOthers(ownFlags);
      return await listClients(stage);
    }
    const { client, name } = readClient("install", ownFlags);
    const form = readForm(ownFlags.form);
    const wanted = await launch(form, ["--stdio"], stage);
    for (const warning of wanted.warnings) stage.warn(warning);
    const lacksApp = !await hasApp(stage);
    if (lacksApp) {
      if (ownFlags.print !== true) await requireNoLossOfApp(client, name, stage.platform);
      stage.warn(NO_APP);
    }
    if (ownFlags.print === true) {
      stage.platform.stdout.write(client.snippet(name, client.fields(wanted)));
      return 0;
    }
    return await install(stage, client, name, wanted);
  });
}

const NO_APP: Phrase = {
  en: "No app credentials are set: until they are, every tool answers how to set them",
  zh: "尚未设置应用凭证：设置之前，每个工具都只会回答如何设置",
};

/**
 * The client and the name of the entry that the flags of a command name.
 *
 * @throws UsageError
 */
export function readClient(
  command: string,
  flags: ShellCommand["ownFlags"],
): { readonly client: McpClient; readonly name: string } {
  const { client, as = DEFAULT_ENTRY } = flags;
  if (typeof client !== "string") {
    const all = allClientNames();
    throw new UsageError({
      en: `${command} needs --client NAME: ${all.en}`,
      zh: `${command} 需要 --client NAME：${all.zh}`,
    });
  }
  // As narrow as the strictest of the clients has it.
  if (typeof as !== "string" || !/^[A-Za-z0-9_-]{1,64}$/.test(as)) {
    throw new UsageError({
      en: "--as must be 1 to 64 letters, digits, - and _",
      zh: "--as 必须是 1 到 64 个字母、数字、- 或 _",
    });
  }
  return { client: clientNamed(client), name: as };
}

function readForm(form: string | true | undefined): LaunchForm {
  if (form === undefined) return "own";
  if (form === "npx" || form === "docker") return form;
  throw new UsageError({ en: "--form must be npx or docker", zh: "--form 必须是 npx 或 docker" });
}

function refuseOthers({ list: _list, ...others }: ShellCommand["ownFlags"]): void {
  const [other] = Object.keys(others);
  if (other === undefined) return;
  throw new UsageError({
    en: `--list and --${other} contradict each other`,
    zh: `--list 与 --${other} 互相矛盾`,
  });
}

async function install(stage: ShellStage, client: McpClient, name: string, wanted: Launch): Promise<number> {
  const { platform, warn, say } = stage;
  await settle(wanted.copies);
  const placed = await placeEntry(client, name, wanted, { platform, warn });
  const trial = await tryEntry(placed.entry, platform);
  if (trial.ok) {
    say(installedText(client, name, placed, trial.tools.length));
    say(client.afterwards);
    return 0;
  }
  warn(failedText(client, trial, await putBack(client, name, placed, platform)));
  if (trial.said !== "") platform.stderr.write(`${trial.said}\n`);
  return EXIT_CODES.config;
}

function installedText(
  client: McpClient,
  name: string,
  { path, edit, by }: PlacedEntry,
  tools: number,
): Phrase {
  const how: Phrase = edit === undefined
    ? { en: "was there already, in", zh: "已存在于" }
    : by === undefined
    ? { en: "is now in", zh: "已写入" }
    : { en: `was added by ${by}, to`, zh: `已由 ${by} 写入` };
  const copy: Phrase = edit?.backup === undefined ? { en: "", zh: "" } : {
    en: `; the file as it was: ${edit.backup}`,
    zh: `；修改前的文件：${edit.backup}`,
  };
  return {
    en:
      `${client.title}: ${name} ${how.en} ${path}; started as ${client.title} starts it, it has ${tools} tools${copy.en}`,
    zh:
      `${client.title}：${name} ${how.zh} ${path}；按 ${client.title} 的方式试启动，共 ${tools} 个工具${copy.zh}`,
  };
}

/** What failed, and what became of the file. */
function failedText(
  { title }: McpClient,
  { reason, said }: Extract<EntryTrial, { readonly ok: false }>,
  file: Phrase,
): Phrase {
  const rest: Phrase = said === "" ? { en: "", zh: "" } : { en: "; the server said:", zh: "；服务的输出：" };
  return {
    en: `Started as ${title} would start it, the server failed: ${reason.en}; ${file.en}${rest.en}`,
    zh: `按 ${title} 的方式启动服务失败：${reason.zh}；${file.zh}${rest.zh}`,
  };
}
