import type { Secret } from "../../secret.ts";
import type { SettingName } from "../../settings.ts";
import { givenFlags } from "../command_line/given_flags.ts";
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
    ...givenFlags(flags),
  ]);
}
