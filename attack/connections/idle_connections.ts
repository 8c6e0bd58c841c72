import { pause } from "../../harness/pause.ts";
import { askApp } from "../ask_tool.ts";
import { AttackedServer } from "../attacked_server.ts";
import { expectEnd } from "../expect_end.ts";
import { expectGrowth } from "../expect_growth.ts";
import { RawConnection } from "../raw_connection.ts";
import { wordOf } from "../tool_reply.ts";
import type { ConnectionsBench } from "./open_files.ts";

const COUNT = { short: 400, long: 5_000 };
const AT_ONCE = 200;
const MOST_MIB = 300;
const END_WITHIN_MS = 20_000;
const NAME = "idle and half-open connections";
const SETTLE_MS = 300;
const HALF_A_HEAD = new TextEncoder().encode("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");

/** Opens connections on which nothing comes, or half a head. Returns how many. */
export async function idleConnections(
  { folder, findings, isShort, sandboxUrl, env }: ConnectionsBench,
): Promise<number> {
  const count = isShort ? COUNT.short : COUNT.long;
  await using server = await AttackedServer.start({
    args: ["--sandbox-url", sandboxUrl, "--kv", `${folder}/idle.kv`],
    env,
  });
  await askApp(server.origin);
  const beforeMib = await server.residentMebibytes();
  const open: (RawConnection | null)[] = [];
  for (let left = count; left > 0; left -= AT_ONCE) {
    open.push(...await Promise.all(Array.from({ length: AT_ONCE }, () => RawConnection.open(server.port))));
  }
  await Promise.all(
    open.map((connection, index) => index % 2 === 0 ? connection?.write(HALF_A_HEAD) : undefined),
  );
  await pause(SETTLE_MS);
  const reply = await askApp(server.origin);
  findings.expect(
    reply.kind === "given",
    "hang",
    NAME,
    `a call meanwhile: ${wordOf(reply)}`,
  );
  await expectGrowth(findings, NAME, server, { beforeMib, mostMib: MOST_MIB });
  server.program.signal("SIGTERM");
  await expectEnd(findings, `SIGTERM with ${NAME}`, server.program, END_WITHIN_MS);
  for (const connection of open) connection?.[Symbol.dispose]();
  return count;
}
