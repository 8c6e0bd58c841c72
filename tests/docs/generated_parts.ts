import type { Language } from "../../src/errors/language.ts";
import { commandFlagsTable } from "./command_flags_table.ts";
import { errorExample } from "./error_example.ts";
import { errorKindTable, errorSections, errorTable } from "./error_reference.ts";
import { chinesePage } from "./pages.ts";
import { settingsTable } from "./settings_table.ts";
import { taskTable } from "./task_table.ts";
import { toolSections, toolTable } from "./tool_sections.ts";

/** A part of a page that is made from the code. It stands between `<!-- begin NAME -->` and `<!-- end NAME -->`. */
export interface GeneratedPart {
  /** From the root of the project. */
  readonly file: string;
  readonly name: string;
  readonly render: () => string;
}

type Render = (language: Language) => string;

const PARTS: readonly (readonly [file: string, name: string, render: Render])[] = [
  ["README.md", "tool table", toolTable],
  ["docs/tools.md", "tools", toolSections],
  ["docs/tools.md", "error example", errorExample],
  ["docs/configuration.md", "settings", settingsTable],
  ["docs/configuration.md", "command flags", commandFlagsTable],
  ["docs/configuration.md", "tasks", taskTable],
  ["docs/errors.md", "kinds", errorKindTable],
  ["docs/errors.md", "codes", errorTable],
  ["docs/errors.md", "sections", errorSections],
];

/** Every part of the documentation that is made from the code, in both languages. */
export const GENERATED_PARTS: readonly GeneratedPart[] = PARTS.flatMap(([file, name, render]) => [
  { file, name, render: () => render("en") },
  { file: chinesePage(file), name, render: () => render("zh") },
]);
