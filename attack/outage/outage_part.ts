import { environmentOf } from "../../harness/children.ts";
import { FeishuControl } from "../../chaos/feishu_control.ts";
import { pause } from "../../harness/pause.ts";
import { SandboxProgram } from "../../harness/sandbox_program.ts";
import { askApp, askRefresh } from "../ask_tool.ts";
import { AttackedServer } from "../attacked_server.ts";
import { eachOf } from "../each_of.ts";
import { expectEnd } from "../expect_end.ts";
import { expectGrowth } from "../expect_growth.ts";
import type { AttackContext, Part, PartResult } from "../part.ts";
import { type ToolReply, wordOf } from "../tool_reply.ts";

/** The callers of an outage. */
interface Crowd {
  /** Logins, each with a caller of its own. */
  readonly logins: number;
  /** Callers who present the same refresh token. */
  readonly same: number;
  /** Callers with credentials of an app each. */
  readonly apps: number;
  /** For how long Feishu hangs, in milliseconds; `null`: until every caller is answered. */
  readonly hangsMs: number | null;
  /** Time for leases and pauses after failures to end, in milliseconds. */
  readonly recoveryMs: number;
}

const SHORT: Crowd = { logins: 120, same: 80, apps: 0, hangsMs: 2_000, recoveryMs: 0 };
const LONG: Crowd = { logins: 1_000, same: 500, apps: 500, hangsMs: null, recoveryMs: 45_000 };
const MOST_MIB = 800;
const END_WITHIN_MS = 60_000;
const PREPARING = 16;
const RECOVERING = 40;
const PROBE_EVERY_MS = 250;

/** Crowds of callers while Feishu hangs. */
export const outagePart: Part = { name: "outage", run };

async function run({ isShort, folder, denoDir, findings }: AttackContext): Promise<PartResult> {
  const crowd = isShort ? SHORT : LONG;
  await using sandbox = await SandboxProgram.start(await environmentOf(`${folder}/feishu`, denoDir));
  const feishu = new FeishuControl(sandbox.url);
  await using server = await AttackedServer.start({
    args: ["--sandbox-url", await feishu.addressFor("crowded", 0), "--kv", `${folder}/tokens.kv`],
    env: await environmentOf(`${folder}/home`, denoDir),
  });
  const { origin, program } = server;
  const tokens: string[] = [];
  await eachOf(Array.from({ length: crowd.logins + 1 }), PREPARING, async () => {
    tokens.push(await feishu.logIn("v2"));
  });
  const [shared = "", ...own] = tokens;
  const beforeMib = await server.residentMebibytes();
  await feishu.setFault({ kind: "hang" });

  const words = new Map<string, number>();
  const asked = async (asking: Promise<ToolReply>): Promise<void> => {
    const reply = await asking;
    const word = wordOf(reply);
    words.set(word, (words.get(word) ?? 0) + 1);
    if (reply.kind === "none") findings.add("hang", "a caller during the outage", reply.text);
    if (reply.kind === "refused") {
      findings.add("other", "a caller during the outage", reply.text.slice(0, 200));
    }
  };
  const over = new AbortController();
  const probing = probe(server, over.signal);
  const callers = [
    ...own.map((token) => asked(askRefresh(origin, token))),
    ...Array.from({ length: crowd.same }, () => asked(askRefresh(origin, shared))),
    ...Array.from({ length: crowd.apps }, (_, index) => asked(askApp(origin, credentialsOf(index)))),
  ];
  if (crowd.hangsMs !== null) {
    await pause(crowd.hangsMs);
    await feishu.clearFaults();
  }
  await Promise.all(callers);
  over.abort();
  const slowestMs = await probing;
  findings.expect(program.isAlive, "crash", "the outage", program.stderr.slice(-300));
  findings.expect(slowestMs < Infinity, "hang", "GET /healthz during the outage", "no answer in 15 s");
  const memory = await expectGrowth(findings, "the outage", server, { beforeMib, mostMib: MOST_MIB });

  await feishu.clearFaults();
  await pause(crowd.recoveryMs);
  await eachOf(tokens, RECOVERING, async (token) => {
    const reply = await askRefresh(origin, token);
    findings.expect(reply.kind === "given", "lost", "a login after the outage", wordOf(reply));
  });
  const accepted = new Map<string, number>();
  for (const { presented, outcome } of await feishu.calls(0)) {
    if (presented !== undefined && outcome === "accepted") {
      accepted.set(presented, (accepted.get(presented) ?? 0) + 1);
    }
  }
  const twice = [...accepted.values()].filter((count) => count > 1).length;
  findings.expect(
    twice === 0,
    "lost",
    "one call a record",
    `${twice} tokens were presented again after they were accepted`,
  );
  findings.expect(
    accepted.size === tokens.length,
    "lost",
    "one call a record",
    `${accepted.size} of ${tokens.length}`,
  );
  program.signal("SIGTERM");
  await expectEnd(findings, "SIGTERM after the outage", program, END_WITHIN_MS);
  return {
    cases: callers.length,
    sent: `${callers.length} callers at once while Feishu hangs`,
    figures: [
      memory,
      `slowest health check ${slowestMs.toFixed(0)} ms`,
      `answers ${[...words].map(([word, count]) => `${word} ${count}`).join(", ")}`,
      `${accepted.size} logins recovered`,
    ],
  };
}

/** Asks for the server's health again and again; the slowest answer in milliseconds. */
async function probe(server: AttackedServer, signal: AbortSignal): Promise<number> {
  let slowestMs = 0;
  while (!signal.aborted && server.program.isAlive) {
    const startedMs = performance.now();
    const isHealthy = await server.isHealthy();
    slowestMs = Math.max(slowestMs, isHealthy ? performance.now() - startedMs : Infinity);
    await pause(PROBE_EVERY_MS, signal);
  }
  return slowestMs;
}

function credentialsOf(index: number): Record<string, string> {
  const appId = `cli_0e4a6e${index.toString(16).padStart(10, "0")}`;
  return { "x-feishu-app-id": appId, "x-feishu-app-secret": `secretOfNobody${index}` };
}
