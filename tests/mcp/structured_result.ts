import assert from "node:assert/strict";
import { type TestServer, withClient } from "./test_server.ts";

/**
 * The structured result of a call that works. The official client lists the tools first, so that it checks the result
 * against the output schema.
 */
export async function structuredResult(
  { app }: Pick<TestServer, "app">,
  name: string,
  args: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  return await withClient(app, async (client) => {
    await client.listTools();
    const result = await client.callTool({ name, arguments: args });
    assert.notEqual(result.isError, true, JSON.stringify(result.content));
    assert.deepEqual(result.content, [{ type: "text", text: JSON.stringify(result.structuredContent) }]);
    return result.structuredContent as Record<string, unknown>;
  });
}
