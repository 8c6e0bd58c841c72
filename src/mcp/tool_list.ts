import { z } from "zod";
import type { ListedTool } from "./sdk.ts";
import type { Tool } from "./tool.ts";

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

/** Without `$schema`: what stands here means the same in every draft, and some clients choke on the one they do not know. */
function objectSchema(schema: z.ZodObject, io: "input" | "output"): ListedTool["inputSchema"] {
  const { $schema: _dialect, type: _object, ...rest } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema }): void {
      // Zod states the bounds of every safe integer; they say nothing and cost every model tokens.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return { type: "object", ...rest } as ListedTool["inputSchema"];
}
