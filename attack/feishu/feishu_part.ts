import { environmentOf } from "../../harness/children.ts";
import { pause } from "../../harness/pause.ts";
import { askRefresh } from "../ask_tool.ts";
import { AttackedServer } from "../attacked_server.ts";
import { Canaries } from "../canaries.ts";
import { eachOf } from "../each_of.ts";
import { expectEnd } from "../expect_end.ts";
import { expectGrowth } from "../expect_growth.ts";
import type { Findings } from "../findings.ts";
import type { AttackContext, Part, PartResult } from "../part.ts";
import { type ToolReply, wordOf } from "../tool_reply.ts";
import { brokenConnections } from "./broken_connections.ts";
import { brokenJson } from "./broken_json.ts";
import type { HostileCase } from "./hostile_case.ts";
import { HostileFeishu } from "./hostile_feishu.ts";
import { oddFields } from "./odd_fields.ts";
import { oddHttp } from "./odd_http.ts";

const WIDTH = 48;
/** In the short run, of the answers without a pair: each is asked for three times, which takes seconds. */
const SHORT_WITHOUT_PAIR = 20;
/** Below this a pair must come with a warning. */
const ENDING_SECONDS = 30;
/** An answer that decompresses to 500 MB must not be held. */
const MOST_MIB = 600;
const END_WITHIN_MS = 60_000;
/** After it a pair of a loop has less than half a minute left. */
const LOOP_MS = 2_500;
/** Feishu is not asked again at once after an answer that could not be read. */
const HOLD_OFF_MS = 1_500;

/** A Feishu that answers a refresh in some 240 ways. */
export const feishuPart: Part = { name: "feishu", run };

/** A case, and the login that it is tried on. */
interface Trial {
  readonly hostile: HostileCase;
  readonly appId: string;
  readonly refreshToken: string;
  readonly headers: Readonly<Record<string, string>>;
  last: ToolReply;
}

async function run(context: AttackContext): Promise<PartResult> {
  const { chance, isShort, folder, denoDir, findings } = context;
  const canaries = new Canaries(chance.of("canaries"));
  await using feishu = await HostileFeishu.start();
  const start = {
    args: ["--base-url", feishu.origin, "--kv", `${folder}/tokens.kv`, "--log-level", "debug"],
    env: await environmentOf(folder, denoDir),
    onLine(line: string): void {
      for (const { name, context } of canaries.in(line)) {
        findings.add("secret", "log", `${name}, after: ${context}`);
      }
    },
  };
  const every = [...oddFields(), ...brokenJson(), ...oddHttp(), ...brokenConnections()];
  const cases = chance.of("order").shuffled(isShort ? shortened(every, context) : every);
  const trials = cases.map((hostile, index): Trial => {
    const appId = `cli_a1b2c3d4e5f6${index.toString(16).padStart(4, "0")}`;
    return {
      hostile,
      appId,
      refreshToken: `eyJfirst${index}of${appId}.x.y`,
      headers: { "X-Feishu-App-Id": appId, "X-Feishu-App-Secret": canaries.make("an app secret") },
      last: { kind: "none", text: "" },
    };
  });
  {
    await using server = await AttackedServer.start(start);
    const beforeMib = await server.residentMebibytes();
    await eachOf(trials, WIDTH, (trial) => tryCase(trial, server, feishu, canaries, context));
    const { program } = server;
    findings.expect(program.isAlive, "crash", "after all", program.stderr.slice(-400));
    findings.expect(await server.isHealthy(), "other", "after all", "GET /healthz is not 200");
    findings.expect(await server.isReady(), "other", "after all", "GET /readyz is not 200");
    findings.expect(feishu.strays === 0, "other", "redirects and cookies", `${feishu.strays} went out`);
    await expectGrowth(findings, "after all", server, { beforeMib, mostMib: MOST_MIB });
    program.signal("SIGTERM");
    await expectEnd(findings, "SIGTERM after all", program, END_WITHIN_MS);
  }
  await expectAllKept(start, trials, context);
  return {
    cases: trials.length,
    sent: "answers of a hostile Feishu to a refresh",
    figures: [
      `${trials.filter(({ last }) => last.kind === "given").length} pairs handed out and found again`,
    ],
  };
}

/** Has a refresh answered like this, and asks once more. */
async function tryCase(
  trial: Trial,
  { origin }: AttackedServer,
  feishu: HostileFeishu,
  canaries: Canaries,
  { findings, isShort }: AttackContext,
): Promise<void> {
  const { hostile, appId, refreshToken, headers } = trial;
  const { name, holdsPair, isEnding = false, isLoop = false } = hostile;
  feishu.answerTo(appId, hostile);
  const first = await askRefresh(origin, refreshToken, headers);
  if (!isLoop) feishu.answerTo(appId, null);
  judgeReply(hostile, first, feishu.presentations(appId) > 0, canaries, findings);
  trial.last = first;
  if (first.kind !== "given") {
    if (holdsPair && !isEnding) {
      findings.add("lost", name, `a pair was issued, the caller got ${wordOf(first)}`);
    }
    if (isShort) return;
    await pause(HOLD_OFF_MS);
  }
  if (isLoop) await pause(LOOP_MS);
  trial.last = await askRefresh(origin, refreshToken, headers);
  judgeReply(hostile, trial.last, false, canaries, findings);
  if (first.kind === "given" && trial.last.kind !== "given" && !isLoop) {
    findings.add("lost", name, `the pair was handed out, and then there was ${wordOf(trial.last)}`);
  }
}

/** What is wrong with an answer, whatever Feishu said. */
function judgeReply(
  { name, holdsPair, isSlow = false }: HostileCase,
  reply: ToolReply,
  wasPresented: boolean,
  canaries: Canaries,
  findings: Findings,
): void {
  const word = wordOf(reply);
  if (reply.kind === "none") findings.add("hang", name, reply.text);
  if (reply.kind === "refused" || word === "internal_error") {
    findings.add("other", name, reply.text.slice(0, 300));
  }
  for (const sighting of canaries.in(reply.text)) {
    findings.add("secret", name, `${sighting.name} in the answer`);
  }
  // Feishu may have made the change: no process knows, as long as no answer could be read.
  const isUnknown = isSlow && !holdsPair && wasPresented;
  if (isUnknown && reply.kind === "error" && /nothing is lost/i.test(reply.text)) {
    findings.add("other", name, `the outcome is unknown, and ${word} says that nothing is lost`);
  }
  if (reply.kind !== "given" || reply.content.warning !== undefined) return;
  const leftSeconds = reply.content.expires_in;
  if (leftSeconds < ENDING_SECONDS) {
    findings.add("other", name, `a pair with ${leftSeconds} s left, without a warning`);
  }
}

/** After a restart everything that was handed out is there, without a call. */
async function expectAllKept(
  start: Parameters<typeof AttackedServer.start>[0],
  trials: readonly Trial[],
  { findings }: AttackContext,
): Promise<void> {
  await using server = await AttackedServer.start(start);
  await eachOf(
    trials,
    WIDTH,
    async ({ hostile: { name, isEnding = false, isLoop = false }, refreshToken, headers, last }) => {
      if (last.kind !== "given" || isEnding || isLoop) return;
      const again = await askRefresh(server.origin, refreshToken, headers);
      const isSame = again.kind === "given" && again.content.access_token === last.content.access_token;
      findings.expect(
        isSame,
        "lost",
        name,
        `after a restart there is ${isSame ? "" : wordOf(again)}, not the same pair`,
      );
    },
  );
}

function shortened(every: readonly HostileCase[], { chance }: AttackContext): HostileCase[] {
  const quick = every.filter(({ isSlow = false }) => !isSlow);
  const without = chance.of("sample").shuffled(quick.filter(({ holdsPair }) => !holdsPair));
  return [...quick.filter(({ holdsPair }) => holdsPair), ...without.slice(0, SHORT_WITHOUT_PAIR)];
}
