import { FeishuControl } from "../../chaos/feishu_control.ts";
import { pause } from "../../harness/pause.ts";
import { askApp } from "../ask_tool.ts";
import { AttackedServer } from "../attacked_server.ts";
import { expectGrowth } from "../expect_growth.ts";
import { RawConnection } from "../raw_connection.ts";
import { wordOf } from "../tool_reply.ts";
import type { ConnectionsBench } from "./open_files.ts";

const COUNT = { short: 24, long: 300 };
/** Parsed, each of these objects takes far more than its three bytes. */
const SIZES = [120_000, 1_000_000];
const MOST_MIB = 700;
const HANGS_MS = { short: 1_500, long: 10_000 };
const NAME = "calls with hundreds of thousands of objects";

/** Sends large calls while Feishu hangs, so that each is held. Returns how many. */
export async function largeCalls(
  { folder, findings, isShort, sandboxUrl, env }: ConnectionsBench,
): Promise<number> {
  const count = isShort ? COUNT.short : COUNT.long;
  const feishu = new FeishuControl(sandboxUrl);
  const url = await feishu.addressFor("large", 0);
  await using server = await AttackedServer.start({
    args: ["--sandbox-url", url, "--kv", `${folder}/large.kv`],
    env,
  });
  const beforeMib = await server.residentMebibytes();
  const fault = await feishu.setFault({ kind: "hang", client: "large" });
  const requests = SIZES.map(request);
  const open = await Promise.all(Array.from({ length: count }, async (_, index) => {
    const connection = await RawConnection.open(server.port);
    await connection?.write(requests[index % requests.length] ?? new Uint8Array());
    return connection;
  }));
  await pause(isShort ? HANGS_MS.short : HANGS_MS.long);
  await expectGrowth(findings, NAME, server, { beforeMib, mostMib: MOST_MIB });
  await feishu.clearFault(fault);
  if (!server.program.isAlive) findings.add("crash", NAME, server.program.stderr.slice(-300));
  for (const connection of open) connection?.[Symbol.dispose]();
  if (server.program.isAlive) {
    const reply = await askApp(server.origin);
    findings.expect(reply.kind === "given", "hang", NAME, `a call after them: ${wordOf(reply)}`);
  }
  return count;
}

function request(size: number): Uint8Array<ArrayBuffer> {
  const objects = "{},".repeat(Math.floor(size / 3));
  const body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_feishu_app_token",' +
    `"arguments":{},"_meta":{"x":[${objects}{}]}}}`;
  const head = "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json, text/event-stream\r\n" +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  return new TextEncoder().encode(head + body);
}
