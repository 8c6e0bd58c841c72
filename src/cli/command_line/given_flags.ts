import { setting, type SettingName, settingNames } from "../../settings.ts";
import type { CommandLine } from "./read_command_line.ts";

/** Words that a shell takes as they are. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** The flags of settings as they were given, to be typed again: all, or those of `names`. Never a secret. */
export function givenFlags(
  flags: CommandLine["flags"],
  names: readonly SettingName[] = settingNames(),
): string[] {
  return names.flatMap((name) => wordsOf(name, flags[name]));
}

/** The settings that say which store, app and Feishu a command works with. */
const PLACE_SETTINGS = [
  "app",
  "baseUrl",
  "kv",
  "sandboxUrl",
  "sandboxState",
  "envFile",
  "envFileIfExists",
] as const;

/** The flags that were given for store, app and Feishu. */
export function placeFlags(flags: CommandLine["flags"]): string[] {
  return givenFlags(flags, PLACE_SETTINGS);
}

function wordsOf(name: SettingName, value: string | true | undefined): string[] {
  const { flag } = setting(name);
  if (flag === undefined || value === undefined) return [];
  return value === true ? [`--${flag}`] : [`--${flag}`, mayHoldSecret(value) ? "…" : quoted(value)];
}

/** A URL may hold a password in front of its host, or a key in its query. */
function mayHoldSecret(value: string): boolean {
  const url = /^https?:/i.test(value) ? URL.parse(value) : undefined;
  return url === null ||
    (url !== undefined && (url.username || url.password || url.search || url.hash) !== "");
}

function quoted(value: string): string {
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
