import type { Language } from "../../src/errors/language.ts";
import { setting, settingNames } from "../../src/settings.ts";
import { translatedTable } from "./translated_table.ts";

/** Every flag and variable, with its default and meaning, as `--help` has them. */
export function settingsTable(language: Language): string {
  return translatedTable(
    language,
    ["Flag", "Variable", "Default", "Meaning"],
    settingNames().map(setting).map(({ flag, placeholder, variable, default: otherwise, meaning }) => [
      flag === undefined ? "" : `\`--${flag}${placeholder === undefined ? "" : ` ${placeholder}`}\``,
      variable === undefined ? "" : `\`${variable}\``,
      otherwise ?? "",
      meaning,
    ]),
  );
}
