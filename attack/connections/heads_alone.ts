import { pause } from "../../harness/pause.ts";
import { askApp } from "../ask_tool.ts";
import { AttackedServer } from "../attacked_server.ts";
import { expectEnd } from "../expect_end.ts";
import { expectGrowth } from "../expect_growth.ts";
import { BareServer } from "./bare_server.ts";
import { RawConnection } from "../raw_connection.ts";
import { wordOf } from "../tool_reply.ts";
import type { ConnectionsBench } from "./open_files.ts";

const COUNT = { short: 2_500, long: 5_000 };
const AT_ONCE = 250;
/** The longest that counts as small: as much as can be promised by nearly nothing. */
const PROMISED_BYTES = 16 * 1024;
const CALLS = 5;
/** May be held beyond what Deno's own server holds for the same connections. */
const MOST_MIB_BEYOND_DENO = 64;
const STOP_WITHIN_MS = 20_000;
const SETTLE_MS = 300;
const NAME = "heads whose bodies never come";

/** Sends heads that promise bodies, and calls as any client would meanwhile. Returns how many heads. */
export async function headsAlone(
  { folder, findings, isShort, sandboxUrl, env }: ConnectionsBench,
): Promise<number> {
  const count = isShort ? COUNT.short : COUNT.long;
  await using server = await AttackedServer.start({
    args: ["--sandbox-url", sandboxUrl, "--kv", `${folder}/heads.kv`],
    env,
  });
  await askApp(server.origin);
  const beforeMib = await server.residentMebibytes();
  const open = await sendHeads(server.port, count);
  for (let call = 0; call < CALLS; call++) {
    const reply = await askApp(server.origin);
    findings.expect(reply.kind === "given", "hang", NAME, `a call meanwhile: ${wordOf(reply)}`);
  }
  const mostMib = await growthOfDeno(count) + MOST_MIB_BEYOND_DENO;
  await expectGrowth(findings, NAME, server, { beforeMib, mostMib });
  server.program.signal("SIGTERM");
  await expectEnd(findings, `SIGTERM with ${NAME}`, server.program, STOP_WITHIN_MS);
  for (const connection of open) connection?.[Symbol.dispose]();
  return count;
}

/** By how many MiB Deno's own server grows for `count` such heads. */
async function growthOfDeno(count: number): Promise<number> {
  await using bare = await BareServer.start();
  const beforeMib = await bare.residentMebibytes();
  const open = await sendHeads(bare.port, count);
  const growthMib = await bare.peakMebibytes() - beforeMib;
  for (const connection of open) connection?.[Symbol.dispose]();
  return growthMib;
}

async function sendHeads(port: number, count: number): Promise<(RawConnection | null)[]> {
  const open: (RawConnection | null)[] = [];
  for (let left = count; left > 0; left -= AT_ONCE) {
    open.push(...await Promise.all(Array.from({ length: AT_ONCE }, () => headAlone(port))));
  }
  await pause(SETTLE_MS);
  return open;
}

async function headAlone(port: number): Promise<RawConnection | null> {
  const connection = await RawConnection.open(port);
  const head = "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json, text/event-stream\r\n" +
    `Content-Type: application/json\r\nContent-Length: ${PROMISED_BYTES}\r\n\r\n`;
  await connection?.write(new TextEncoder().encode(head));
  return connection;
}
