import { z } from "zod";
import { sentence } from "../../src/errors/sentence.ts";
import type { Language } from "../../src/errors/language.ts";
import { listTools } from "../../src/mcp/calls/list_tools.ts";
import { TOOL_TABLE } from "../../src/mcp/tools/tool_table.ts";
import { translatedTable } from "./translated_table.ts";

/** The part of a JSON Schema that the tables show. */
const ObjectSchema = z.object({
  properties: z.record(
    z.string(),
    z.object({
      type: z.string(),
      description: z.string(),
      minimum: z.number().optional(),
      maximum: z.number().optional(),
    }),
  ),
  required: z.array(z.string()).default([]),
});

/** A section a tool: its arguments and its result, from the very schemas that clients are shown. */
export function toolSections(language: Language): string {
  return TOOL_TABLE.flatMap((tool) =>
    listTools([tool]).map(({ name, inputSchema, outputSchema }) =>
      [
        `### \`${name}\``,
        sentence(tool.title)[language],
        translatedTable(language, ["Argument", "Type", "Meaning"], rows(inputSchema, tool.input)),
        translatedTable(language, ["Result", "Type", "Meaning"], rows(outputSchema)),
      ].join("\n\n")
    )
  ).join("\n\n");
}

/** @param input tells the defaults, which the published schema leaves out. */
function rows(schema: unknown, input?: z.ZodObject): string[][] {
  const { properties, required } = ObjectSchema.parse(schema);
  return Object.entries(properties).map(([name, { type, description, minimum, maximum }]) => {
    const otherwise = defaultOf(input?.shape[name]);
    return [
      `\`${name}\``,
      [
        maximum === undefined ? type : `${type}, ${minimum} to ${maximum}`,
        ...(otherwise === undefined ? [] : [`default ${otherwise}`]),
        ...(required.includes(name) || otherwise !== undefined ? [] : ["optional"]),
      ].join(", "),
      description,
    ];
  });
}

function defaultOf(argument: unknown): unknown {
  return argument instanceof z.ZodDefault ? argument.parse(undefined) : undefined;
}
