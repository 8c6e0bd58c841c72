import { setting, type SettingName, settingNames } from "../../settings.ts";
import type { Secret } from "../../secret.ts";
import { shownCommand } from "../command_line/shown_command.ts";

/**
 * The command line that goes on with a login, on the same store and app: with the flags of this one.
 *
 * @param flags the settings that were given as flags.
 * @param replaces whether it takes a login that has fewer permissions than the kept one.
 */
export function resumeCommand(
  loginId: Secret,
  flags: Partial<Record<SettingName, string | true>>,
  replaces = false,
): string {
  const id = loginId.reveal();
  return shownCommand([
    "login",
    ...(replaces ? ["--replace"] : []),
    // A value that begins with a hyphen would be read as a flag.
    ...(id.startsWith("-") ? [`--resume=${id}`] : ["--resume", id]),
    ...settingNames().flatMap((name) => flagWords(name, flags[name])),
  ]);
}

function flagWords(name: SettingName, value: string | true | undefined): string[] {
  const { flag } = setting(name);
  if (flag === undefined || value === undefined) return [];
  return value === true ? [`--${flag}`] : [`--${flag}`, shellWord(value)];
}

function shellWord(value: string): string {
  return /^[A-Za-z0-9._~+\/=:@%-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
