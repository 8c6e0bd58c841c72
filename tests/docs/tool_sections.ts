import { z } from "zod";
import { sentence } from "../../src/errors/sentence.ts";
import type { Language } from "../../src/errors/language.ts";
import { listTools } from "../../src/mcp/calls/list_tools.ts";
import { TOOL_TABLE } from "../../src/mcp/tools/tool_table.ts";
import { translatedTable } from "./translated_table.ts";
import { inLanguage } from "./translation.ts";

/** The part of a JSON Schema that the tables show. */
const ObjectSchema = z.object({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
});

const FieldSchema = z.object({
  type: z.string(),
  description: z.string(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  properties: z.unknown().optional(),
  items: z.looseObject({ type: z.string(), properties: z.unknown().optional() }).optional(),
});

/** A row a tool: its name, with a link to its section, and what it does. */
export function toolTable(language: Language): string {
  const page = language === "en" ? "docs/tools.md" : "docs/tools.zh-CN.md";
  const rows = TOOL_TABLE.map(({ name, title }) => [`[\`${name}\`](${page}#${name})`, title]);
  return translatedTable(language, ["Tool", "What it does"], rows);
}

/** A section a tool: its arguments and its result, from the very schemas that clients are shown. */
export function toolSections(language: Language): string {
  return TOOL_TABLE.flatMap((tool) =>
    listTools([tool]).map(({ name, inputSchema, outputSchema }) => {
      const args = rows(inputSchema, tool.input());
      return [
        `### \`${name}\``,
        sentence(tool.title)[language],
        args.length === 0
          ? inLanguage(language, "It has no arguments.")
          : translatedTable(language, ["Argument", "Type", "Meaning"], args),
        translatedTable(language, ["Result", "Type", "Meaning"], rows(outputSchema)),
      ].join("\n\n");
    })
  ).join("\n\n");
}

/** @param input tells the defaults, which the published schema leaves out. */
function rows(schema: unknown, input?: z.ZodObject, prefix = ""): string[][] {
  const { properties, required } = ObjectSchema.parse(schema);
  return Object.entries(properties).flatMap(([name, field]) => {
    const { type, description, minimum, maximum, items, properties: own } = FieldSchema.parse(field);
    const shown = type === "array" ? `${items?.type}[]` : type;
    const otherwise = defaultOf(input?.shape[name]);
    const row = [
      `\`${prefix}${name}\``,
      [
        maximum === undefined ? shown : `${shown}, ${minimum} to ${maximum}`,
        ...(otherwise === undefined ? [] : [`default ${otherwise}`]),
        ...(required.includes(name) || otherwise !== undefined ? [] : ["optional"]),
      ].join(", "),
      description,
    ];
    const parts = own !== undefined
      ? rows(field, undefined, `${prefix}${name}.`)
      : items?.properties !== undefined
      ? rows(items, undefined, `${prefix}${name}[].`)
      : [];
    return [row, ...parts];
  });
}

function defaultOf(argument: unknown): unknown {
  return argument instanceof z.ZodDefault ? argument.parse(undefined) : undefined;
}
