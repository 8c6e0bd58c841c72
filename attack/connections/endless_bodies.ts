import { pause } from "../../harness/pause.ts";
import { askApp } from "../ask_tool.ts";
import { AttackedServer } from "../attacked_server.ts";
import { expectEnd } from "../expect_end.ts";
import { expectGrowth } from "../expect_growth.ts";
import { type NoAnswer, type RawAnswer, RawConnection } from "../raw_connection.ts";
import { wordOf } from "../tool_reply.ts";
import type { ConnectionsBench } from "./open_files.ts";

const COUNT = { short: 30, long: 1_000 };
const SENT_BYTES = 90_000;
const PROMISED_BYTES = 100_000;
/** A body that does not end is given up after 30 s. */
const GIVEN_UP_WITHIN_MS = 45_000;
/** Far below the deadline of a body. */
const STOP_WITHIN_MS = 20_000;
const MOST_MIB = 500;
const SETTLE_MS = 500;
const NAME = "bodies that never end";

/** Sends bodies that never end. Returns how many. */
export async function endlessBodies(
  { folder, findings, isShort, sandboxUrl, env }: ConnectionsBench,
): Promise<number> {
  const count = isShort ? COUNT.short : COUNT.long;
  await using server = await AttackedServer.start({
    args: ["--sandbox-url", sandboxUrl, "--kv", `${folder}/bodies.kv`],
    env,
  });
  const { program } = server;
  await askApp(server.origin);
  const beforeMib = await server.residentMebibytes();
  const open = await Promise.all(Array.from({ length: count }, () => endlessBody(server.port)));
  await pause(SETTLE_MS);
  if (!isShort) {
    const outcomes = await Promise.all(
      open.map((each) => each?.answer(false, GIVEN_UP_WITHIN_MS) ?? "closed"),
    );
    const kept = outcomes.filter((outcome) => outcome === "silent").length;
    findings.expect(kept === 0, "hang", NAME, `${kept} of ${count} are still waited for after 45 s`);
    const wrong = outcomes.filter((outcome) => outcome !== "silent" && !isRight(outcome));
    findings.expect(
      wrong.length === 0,
      "other",
      NAME,
      `${wrong.length} got neither 408 nor 503 with Retry-After`,
    );
    const reply = await askApp(server.origin);
    findings.expect(reply.kind === "given", "hang", NAME, `a call after them: ${wordOf(reply)}`);
  }
  await expectGrowth(findings, NAME, server, { beforeMib, mostMib: MOST_MIB });
  // One more, in case all others were given up.
  const last = await endlessBody(server.port);
  await pause(SETTLE_MS);
  program.signal("SIGTERM");
  await expectEnd(findings, `SIGTERM with ${NAME}`, program, STOP_WITHIN_MS);
  for (const connection of [...open, last]) connection?.[Symbol.dispose]();
  return count + 1;
}

async function endlessBody(port: number): Promise<RawConnection | null> {
  const connection = await RawConnection.open(port);
  const head = "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json, text/event-stream\r\n" +
    `Content-Type: application/json\r\nContent-Length: ${PROMISED_BYTES}\r\n\r\n`;
  await connection?.write(new TextEncoder().encode(`${head}"${"a".repeat(SENT_BYTES)}`));
  return connection;
}

function isRight(outcome: RawAnswer | NoAnswer): boolean {
  if (typeof outcome !== "object") return false;
  return outcome.status === 408 || outcome.status === 503 && /^retry-after: \d/m.test(outcome.head);
}
