import * as z from "zod";
import type { ListedTool } from "../messages/sdk.ts";
import type { Tool } from "../contract/tool.ts";

/**
 * Makes the list that `tools/list` answers with. To be kept: converting the schemas to JSON Schema takes longer than a
 * whole call, and every client asks for the list.
 */
export function listTools(tools: readonly Tool[]): ListedTool[] {
  return tools.map(({ name, title, description, input, output, annotations }) => ({
    name,
    title: title.en,
    description,
    inputSchema: objectSchema(input(), "input"),
    outputSchema: objectSchema(output(), "output"),
    annotations: { ...annotations },
  }));
}

/**
 * Keywords that some clients cannot hand on to their model: google-genai leaves out tools with
 * `additionalProperties: false`, Azure and .NET refuse `default`, OpenAI's strict mode refuses the lengths of a text.
 * Calls are still validated by them.
 */
const UNREADABLE_IN_INPUTS = ["additionalProperties", "default", "minLength", "maxLength"] as const;

/** Leaves `$schema` out: these schemas mean the same in every draft, and some clients fail on an unknown draft. */
function objectSchema(schema: z.ZodObject, io: "input" | "output"): ListedTool["inputSchema"] {
  const { $schema: _dialect, type: _object, ...rest } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema }): void {
      // Zod adds the largest safe integer as a bound, which tells a model nothing and costs it tokens.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (io === "input") { for (const keyword of UNREADABLE_IN_INPUTS) delete jsonSchema[keyword]; }
    },
  });
  return { type: "object", ...rest } as ListedTool["inputSchema"];
}
