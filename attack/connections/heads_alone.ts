import { pause } from "../../harness/pause.ts";
import { askApp } from "../ask_tool.ts";
import { AttackedServer } from "../attacked_server.ts";
import { expectEnd } from "../expect_end.ts";
import { expectGrowth } from "../expect_growth.ts";
import { RawConnection } from "../raw_connection.ts";
import { wordOf } from "../tool_reply.ts";
import type { ConnectionsBench } from "./open_files.ts";

const COUNT = { short: 2_500, long: 5_000 };
const AT_ONCE = 250;
/** The longest that counts as small: as much as can be promised by nearly nothing. */
const PROMISED_BYTES = 16 * 1024;
const CALLS = 5;
/** 5,000 such connections take 276 MiB of a server with a handler of one line: Deno keeps some 56 KiB for each. */
const MOST_MIB = 400;
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
  const open: (RawConnection | null)[] = [];
  for (let left = count; left > 0; left -= AT_ONCE) {
    open.push(...await Promise.all(Array.from({ length: AT_ONCE }, () => headAlone(server.port))));
  }
  await pause(SETTLE_MS);
  for (let call = 0; call < CALLS; call++) {
    const reply = await askApp(server.origin);
    findings.expect(reply.kind === "given", "hang", NAME, `a call meanwhile: ${wordOf(reply)}`);
  }
  await expectGrowth(findings, NAME, server, { beforeMib, mostMib: MOST_MIB });
  server.program.signal("SIGTERM");
  await expectEnd(findings, `SIGTERM with ${NAME}`, server.program, STOP_WITHIN_MS);
  for (const connection of open) connection?.[Symbol.dispose]();
  return count;
}

async function headAlone(port: number): Promise<RawConnection | null> {
  const connection = await RawConnection.open(port);
  const head = "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json, text/event-stream\r\n" +
    `Content-Type: application/json\r\nContent-Length: ${PROMISED_BYTES}\r\n\r\n`;
  await connection?.write(new TextEncoder().encode(head));
  return connection;
}
