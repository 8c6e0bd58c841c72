import { setting, settingNames } from "../../src/settings.ts";
import { markdownTable } from "./markdown_table.ts";

/** Every flag and variable, with its default and meaning, as `--help` has them. */
export function settingsTable(): string {
  return markdownTable(
    ["Flag", "Variable", "Default", "Meaning"],
    settingNames().map(setting).map(({ flag, placeholder, variable, default: otherwise, meaning }) => [
      flag === undefined ? "" : `\`--${flag}${placeholder === undefined ? "" : ` ${placeholder}`}\``,
      variable === undefined ? "" : `\`${variable}\``,
      otherwise ?? "",
      meaning,
    ]),
  );
}
