import { errorExample } from "./error_example.ts";
import { errorKindTable, errorSections, errorTable } from "./error_reference.ts";
import { settingsTable } from "./settings_table.ts";
import { taskTable } from "./task_table.ts";
import { toolSections } from "./tool_sections.ts";

/** A part of a page that is made from the code. It stands between `<!-- begin NAME -->` and `<!-- end NAME -->`. */
export interface GeneratedPart {
  /** From the root of the project. */
  readonly file: string;
  readonly name: string;
  readonly render: () => string;
}

/** Every part of the documentation that is made from the code. */
export const GENERATED_PARTS: readonly GeneratedPart[] = [
  { file: "README.md", name: "tools", render: toolSections },
  { file: "README.md", name: "error example", render: errorExample },
  { file: "README.md", name: "settings", render: settingsTable },
  { file: "README.md", name: "tasks", render: taskTable },
  { file: "docs/errors.md", name: "kinds", render: errorKindTable },
  { file: "docs/errors.md", name: "codes", render: errorTable },
  { file: "docs/errors.md", name: "sections", render: errorSections },
];
