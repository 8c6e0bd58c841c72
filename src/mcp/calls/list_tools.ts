import { z } from "zod";
import type { ListedTool } from "../messages/sdk.ts";
import type { Tool } from "../contract/tool.ts";

/**
 * What `tools/list` answers. Made once a process: turning the schemas into JSON Schema costs more than a whole call,
 * and every client asks for the list.
 */
export function listTools(tools: readonly Tool[]): ListedTool[] {
  return tools.map(({ name, title, description, input, output, annotations }) => ({
    name,
    title: title.en,
    description,
    inputSchema: objectSchema(input, "input"),
    outputSchema: objectSchema(output, "output"),
    annotations: { ...annotations },
  }));
}

/**
 * Keywords that clients cannot hand on to their model: google-genai declares no tool with `additionalProperties: false`,
 * Azure and .NET refuse `default`, OpenAI's strict mode the lengths of a text. A call is held to all of them all the same.
 */
const UNREADABLE_IN_INPUTS = ["additionalProperties", "default", "minLength", "maxLength"] as const;

/** Without `$schema`: what stands here means the same in every draft, and some clients choke on the one they do not know. */
function objectSchema(schema: z.ZodObject, io: "input" | "output"): ListedTool["inputSchema"] {
  const { $schema: _dialect, type: _object, ...rest } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema }): void {
      // Zod states the bounds of every safe integer; they say nothing and cost every model tokens.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (io === "input") { for (const keyword of UNREADABLE_IN_INPUTS) delete jsonSchema[keyword]; }
    },
  });
  return { type: "object", ...rest } as ListedTool["inputSchema"];
}
