import manifest from "../../deno.json" with { type: "json" };
import { markdownTable } from "./markdown_table.ts";

/** Every task of `deno.json`. */
export function taskTable(): string {
  const tasks = Object.entries(manifest.tasks).map(([name, { description }]) => [
    `\`deno task ${name}\``,
    description,
  ]);
  return markdownTable(["Task", "What it does"], tasks);
}
