import assert from "node:assert/strict";
import { z } from "zod";
import { listTools } from "../../src/mcp/calls/list_tools.ts";
import { TOOL_TABLE } from "../../src/mcp/tools/tool_table.ts";
import { AZURE_AND_DOTNET, GEMINI, OPENAI_STRICT } from "./schema_rules.ts";

const LISTED = listTools(TOOL_TABLE);
/** As zod writes it for a strict object, without anything left out. */
const UNFILTERED = z.toJSONSchema(
  z.strictObject({ text: z.string().min(1).max(9), number: z.int().min(0).max(7).default(3) }),
  { io: "input" },
);

for (
  const [name, rules] of [
    ["OpenAI's strict mode", OPENAI_STRICT],
    ["google-genai", GEMINI],
    ["Azure and .NET", AZURE_AND_DOTNET],
  ] as const
) {
  Deno.test(`listTools() publishes input schemas that ${name} can declare`, () => {
    for (const tool of LISTED) assert.deepEqual(rules(tool.inputSchema), [], tool.name);
    assert.notDeepEqual(rules(UNFILTERED), []);
  });
}

Deno.test("listTools() publishes no keyword for unknown arguments, which are refused all the same", () => {
  for (const tool of TOOL_TABLE) {
    const [listed] = listTools([tool]);
    assert.doesNotMatch(JSON.stringify(listed?.inputSchema), /"(?:additionalProperties|default|\$schema)"/);
    assert.equal(tool.input().safeParse({ token: "t-a", refresh_token: "ur-a", surplus: 1 }).success, false);
  }
});

Deno.test("listTools() tells each default in the description of its argument", () => {
  let defaults = 0;
  for (const { name, input } of TOOL_TABLE) {
    const { properties = {} } = LISTED.find((tool) => tool.name === name)?.inputSchema ?? {};
    for (const [argument, rule] of Object.entries<z.ZodType>(input().shape)) {
      if (!(rule instanceof z.ZodDefault)) continue;
      defaults++;
      const { description } = z.object({ description: z.string() }).parse(properties[argument]);
      assert.match(description, new RegExp(`\\b${rule.parse(undefined)} by default`));
    }
  }
  assert.equal(defaults, 3);
});
