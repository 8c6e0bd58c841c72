import { z } from "zod";
import { listTools } from "../src/mcp/calls/list_tools.ts";
import { TOOL_TABLE } from "../src/mcp/tools/tool_table.ts";
import { getFeishuAppToken } from "../src/mcp/tools/get_feishu_app_token.ts";

// The least that the same answers cost: `Deno.serve`, the body parsed as JSON, message and arguments checked with zod, a
// JSON answer. No guard, no protocol, no log, no store. It prints its address and serves until a signal ends it.

const Message = z.object({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.string(), z.number()]),
  method: z.enum(["tools/call", "tools/list"]),
  params: z.looseObject({ name: z.string(), arguments: getFeishuAppToken.input() }).optional(),
});

const TOKEN = `t-g1${"0".repeat(38)}`;
const list = { tools: listTools(TOOL_TABLE) };

function callResult(): unknown {
  const expiresIn = 7200;
  const output = {
    app_access_token: TOKEN,
    expires_at: Math.floor(Date.now() / 1000) + expiresIn,
    expires_in: expiresIn,
  };
  return { content: [{ type: "text", text: JSON.stringify(output) }], structuredContent: output };
}

if (import.meta.main) {
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      onListen({ port }): void {
        Deno.stderr.writeSync(new TextEncoder().encode(`{"url":"http://127.0.0.1:${port}/mcp"}\n`));
      },
    },
    async (request) => {
      const { id, method } = Message.parse(await request.json());
      const result = method === "tools/list" ? list : callResult();
      return Response.json({ jsonrpc: "2.0", id, result });
    },
  );
  Deno.addSignalListener("SIGTERM", () => void server.shutdown());
  await server.finished;
  Deno.exit(0);
}
