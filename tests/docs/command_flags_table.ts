import { COMMANDS } from "../../src/cli/command_line/commands.ts";
import type { Language } from "../../src/errors/language.ts";
import { translatedTable } from "./translated_table.ts";

/** Every flag that belongs to one command alone. */
export function commandFlagsTable(language: Language): string {
  const rows = Object.entries(COMMANDS).flatMap(([command, { flags = {} }]) =>
    Object.entries(flags).map(([flag, { placeholder, default: otherwise, meaning }]) => [
      `\`${command}\``,
      `\`--${flag}${placeholder === undefined ? "" : ` ${placeholder}`}\``,
      otherwise ?? "",
      meaning,
    ])
  );
  return translatedTable(language, ["Command", "Flag", "Default", "Meaning"], rows);
}
