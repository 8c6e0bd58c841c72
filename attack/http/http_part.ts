import { environmentOf } from "../../harness/children.ts";
import { FeishuControl } from "../../chaos/feishu_control.ts";
import { pause } from "../../harness/pause.ts";
import { askApp, askRefresh } from "../ask_tool.ts";
import { AttackedServer } from "../attacked_server.ts";
import { Canaries } from "../canaries.ts";
import { eachOf } from "../each_of.ts";
import { expectEnd } from "../expect_end.ts";
import { expectGrowth } from "../expect_growth.ts";
import type { AttackContext, Part, PartResult } from "../part.ts";
import { RawConnection } from "../raw_connection.ts";
import { wordOf } from "../tool_reply.ts";
import { attackKeys } from "./attack_keys.ts";
import { fuzzedCase } from "./fuzzed_case.ts";
import { http2Cases } from "./http2_cases.ts";
import { type HttpCase, requestBytes } from "./http_case.ts";
import { judgeOutcomes } from "./judge_outcome.ts";
import { knownCases } from "./known_cases.ts";
import { sendCase } from "./send_case.ts";
import { sendHttp2 } from "./send_http2.ts";

const FUZZED = { short: 600, long: 20_000 };
const WIDTH = 24;
const MOST_MIB = 300;
/** For the last lines of the log to arrive. */
const SETTLE_MS = 300;
const END_WITHIN_MS = 20_000;
const SANDBOX_WITHIN_MS = 15_000;
/** Of C0, but for the tabs that Deno's own lines may have, and of C1. */
// deno-lint-ignore no-control-regex -- these are what must not be there
const CONTROL_CHARACTER = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
/** Requests that are refused all alike. */
const FLOOD = 300;
const FLOODING: HttpCase = {
  name: "a request for a foreign host",
  method: "GET",
  bytes: requestBytes(
    "GET /mcp HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    new Uint8Array(),
  ),
  delivery: "whole",
  isParsable: true,
  isSound: true,
};

/** Malformed and hostile HTTP on raw sockets. */
export const httpPart: Part = { name: "http", run };

async function run(context: AttackContext): Promise<PartResult> {
  const { chance, isShort, folder, denoDir, findings } = context;
  const canaries = new Canaries(chance.of("canaries"));
  const planted = canaries.make("a planted secret");
  const draws = chance.of("cases");
  const secret = (): string => planted + draws.pick(["", "x", "0123456789abcdef"]);
  let lines = 0;
  await using server = await AttackedServer.start({
    args: ["--sandbox", "--sandbox-port", "0", "--kv", `${folder}/tokens.kv`],
    env: { ...await environmentOf(folder, denoDir), FEISHU_TOKEN_ALLOW_QUERY_SECRETS: "1" },
    onLine(line): void {
      lines++;
      for (const { name, context } of canaries.in(line)) {
        findings.add("secret", eventOf(line), `${name}, after: ${context}`);
      }
      if (CONTROL_CHARACTER.test(line)) {
        findings.add("other", eventOf(line), "a control character, unescaped");
      }
      const isJson = /^\{.*\}$/.test(line) || line.startsWith("sandbox http");
      if (!isJson) findings.add("other", "log", `no JSON: ${line.slice(0, 160)}`);
    },
  });
  const sandbox = /^sandbox (http:\S+)/m.exec(server.program.stderr)?.[1] ?? "";
  await askApp(server.origin);
  const beforeMib = await server.residentMebibytes();

  const count = isShort ? FUZZED.short : FUZZED.long;
  const cases = [...knownCases(secret), ...Array.from({ length: count }, () => fuzzedCase(draws, secret))];
  const outcomes = await sendAll(cases, server, canaries, context);

  const overHttp2 = http2Cases(secret);
  for (const { name, headers, statuses } of overHttp2) {
    const attack: HttpCase = { ...FLOODING, name, statuses };
    judgeOutcomes(attack, [await sendHttp2(server.port, headers)], canaries, findings);
  }

  await expectClosedSandbox(sandbox, context);

  await pause(SETTLE_MS);
  const linesBefore = lines;
  await sendAll(Array.from({ length: FLOOD }, () => FLOODING), server, canaries, context);
  await pause(SETTLE_MS);
  const flooded = lines - linesBefore;
  const isQuiet = flooded < FLOOD / 4;
  findings.expect(isQuiet, "other", `${FLOOD} equal refusals`, `they brought ${flooded} log lines`);

  const memory = await expectGrowth(findings, "after all", server, { beforeMib, mostMib: MOST_MIB });
  await expectService(server, sandbox, context);
  const keyed = await attackKeys(context, canaries);
  return {
    cases: cases.length + overHttp2.length + FLOOD + keyed.cases,
    sent: "malformed JSON, headers, targets, hosts, framing, deliveries and wrong keys over raw sockets",
    figures: [memory, `${lines} log lines`, `outcomes ${outcomes}`, `with keys ${keyed.memory}`],
  };
}

/** Sends cases and judges what comes back. Returns the outcomes in words, the commonest first. */
async function sendAll(
  cases: readonly HttpCase[],
  { program, port }: AttackedServer,
  canaries: Canaries,
  { chance, findings }: AttackContext,
): Promise<string> {
  const counts = new Map<string, number>();
  const sending = chance.of("sending");
  await eachOf(cases, WIDTH, async (attack) => {
    if (!program.isAlive) return;
    const outcomes = await sendCase(port, attack, sending);
    judgeOutcomes(attack, outcomes, canaries, findings);
    for (const outcome of outcomes) {
      const word = typeof outcome === "object" ? String(outcome.status) : outcome;
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  });
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
  return sorted.map(([word, count]) => `${word} ${count}`).join(", ");
}

/** A page of somebody else's must not control the simulated Feishu. */
async function expectClosedSandbox(sandbox: string, { findings }: AttackContext): Promise<void> {
  const port = Number(new URL(sandbox).port);
  using connection = await RawConnection.open(port);
  const head =
    `POST /_sandbox/logins HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://evil.example\r\n` +
    "Content-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
  await connection?.write(new TextEncoder().encode(head));
  const answer = await connection?.answer(false, SANDBOX_WITHIN_MS);
  const isRefused = typeof answer === "object" && answer.status === 403;
  findings.expect(
    isRefused,
    "other",
    "a login in the sandbox by a foreign page",
    "it was not refused with 403",
  );
}

/** After all that the server still does what it is for, and ends when it is told to. */
async function expectService(
  { program, origin }: AttackedServer,
  sandbox: string,
  { findings }: AttackContext,
): Promise<void> {
  if (!program.isAlive) {
    return findings.add("crash", "after all", `it has ended: ${program.stderr.slice(-400)}`);
  }
  const app = await askApp(origin);
  findings.expect(app.kind === "given", "other", "after all", `an app token: ${wordOf(app)}`);
  const pair = await askRefresh(origin, await new FeishuControl(sandbox).logIn("v2"));
  findings.expect(pair.kind === "given", "other", "after all", `a refresh: ${wordOf(pair)}`);
  program.signal("SIGTERM");
  await expectEnd(findings, "SIGTERM after all", program, END_WITHIN_MS);
}

function eventOf(line: string): string {
  return `log: ${/"event":"([^"]*)"/.exec(line)?.[1] ?? "a line without an event"}`;
}
