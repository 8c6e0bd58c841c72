import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import type { Platform } from "../../platform.ts";
import { setting, type SettingName } from "../../settings.ts";
import { commandOf } from "../client_files/entry_format.ts";
import type { McpClient } from "../clients/mcp_client.ts";
import { isOwnEntry } from "./is_own_entry.ts";
import { readEntries } from "./read_entries.ts";

/** Settings of which each gives a server its app. */
const APP_SETTINGS = [
  "app",
  "appId",
  "envFile",
  "envFileIfExists",
  "sandbox",
  "sandboxUrl",
  "sandboxState",
] as const satisfies readonly SettingName[];

const NAME_AN_APP: Phrase = {
  en:
    "name the app with --app NAME, --env-file PATH or --sandbox-state FILE, or another entry with --as NAME",
  zh: "请用 --app NAME、--env-file PATH 或 --sandbox-state FILE 指明应用，或用 --as NAME 指定其他条目",
};

/**
 * For a new entry without an app: it may not replace one that works.
 *
 * @throws StartError where the entry of that name has an app.
 */
export async function requireNoLossOfApp(
  client: McpClient,
  name: string,
  platform: Pick<Platform, "os" | "env">,
): Promise<void> {
  if (!await hasAppNow(client, name, platform)) return;
  throw new StartError({
    en: `${client.title} has an entry ${name} already, and the new one would have no app`,
    zh: `${client.title} 已有条目 ${name}，而新条目将没有应用`,
  }, { nextStep: NAME_AN_APP });
}

async function hasAppNow(
  client: McpClient,
  name: string,
  platform: Pick<Platform, "os" | "env">,
): Promise<boolean> {
  const { entries } = await readEntries(client, await client.place(platform), platform.os);
  const entry = entries.get(name);
  const command = isOwnEntry(name, entry) ? commandOf(entry) : undefined;
  if (command === undefined) return false;
  const flags = command.args.map((arg) => arg.split("=", 1)[0]);
  return APP_SETTINGS.map((app) => setting(app)).some(({ flag, variable }) =>
    (flag !== undefined && flags.includes(`--${flag}`)) || (variable !== undefined && variable in command.env)
  );
}
