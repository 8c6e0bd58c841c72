import assert from "node:assert/strict";
import { ServerProcess } from "../../bench/server_process.ts";
import { getFeishuAppToken } from "../../src/mcp/tools/get_feishu_app_token.ts";

Deno.test("the bare server of the benchmark answers the calls that it is compared by", async () => {
  const pattern = /"url":"(http:\/\/[^"]+)"/;
  const server = await ServerProcess.start(["--allow-net=127.0.0.1", "bench/bare_server.ts"], pattern);
  try {
    for (
      const [method, params] of [["tools/call", { name: getFeishuAppToken.name, arguments: {} }], [
        "tools/list",
      ]]
    ) {
      const response = await fetch(server.url, {
        method: "POST",
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      });
      assert.equal(response.status, 200);
      assert.notEqual((await response.json()).result, undefined);
    }
  } finally {
    await server.stop();
  }
});
