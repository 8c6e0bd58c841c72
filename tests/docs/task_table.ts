import manifest from "../../deno.json" with { type: "json" };
import type { Language } from "../../src/errors/language.ts";
import { translatedTable } from "./translated_table.ts";

/** Every task of `deno.json`. */
export function taskTable(language: Language): string {
  const tasks = Object.entries(manifest.tasks).map(([name, { description }]) => [
    `\`deno task ${name}\``,
    description,
  ]);
  return translatedTable(language, ["Task", "What it does"], tasks);
}
