import { environmentOf } from "../../harness/children.ts";
import { askApp } from "../ask_tool.ts";
import { AttackedServer } from "../attacked_server.ts";
import type { Canaries } from "../canaries.ts";
import { eachOf } from "../each_of.ts";
import { expectEnd } from "../expect_end.ts";
import { expectGrowth } from "../expect_growth.ts";
import type { AttackContext } from "../part.ts";
import { wordOf } from "../tool_reply.ts";
import { judgeOutcomes } from "./judge_outcome.ts";
import { keyedCases } from "./keyed_cases.ts";
import { sendCase } from "./send_case.ts";

/** Wrong keys at the same time. Ten of their answers wait, the others come at once. */
const GUESSES = { short: 200, long: 3_000 };
const GUESS_WIDTH = 48;
const MOST_MIB = 200;
/** Far less than the longest pause after a wrong key, and more than a busy machine takes. */
const RIGHT_KEY_WITHIN_MS = 3_500;
const END_WITHIN_MS = 20_000;

/**
 * Attacks a server that needs keys: nothing but 401 is answered without the right one, no key is logged, a flood of wrong
 * keys brings few lines and slows no right key. Returns how many cases were tried, and the memory in words.
 */
export async function attackKeys(
  { chance, isShort, folder, denoDir, findings }: AttackContext,
  canaries: Canaries,
): Promise<{ readonly cases: number; readonly memory: string }> {
  const key = canaries.make("the key of a caller");
  const planted = canaries.make("a wrong key");
  const draws = chance.of("keys");
  const wrong = (): string => planted + draws.pick(["", "x", "0123456789abcdef"]);
  let lines = 0;
  await using server = await AttackedServer.start({
    args: ["--sandbox", "--sandbox-port", "0"],
    env: { ...await environmentOf(folder, denoDir), FEISHU_TOKEN_CALLER_KEYS: `alice=${key}` },
    onLine(line): void {
      lines++;
      for (const { name, context } of canaries.in(line)) {
        findings.add("secret", "keys: log", `${name}, after: ${context}`);
      }
    },
  });
  const { program, origin, port } = server;
  const right = { authorization: `Bearer ${key}` };
  const first = await askApp(origin, right);
  findings.expect(first.kind === "given", "other", "keys: the right one", wordOf(first));
  const beforeMib = await server.residentMebibytes();

  const cases = keyedCases(key, wrong);
  await eachOf(cases, cases.length, async (attack) => {
    judgeOutcomes(attack, await sendCase(port, attack, draws), canaries, findings);
  });

  const linesBefore = lines;
  const [guess] = cases.filter(({ name }) => name === "keys: a wrong key");
  if (guess === undefined) throw new TypeError("There is no case of a wrong key");
  const count = isShort ? GUESSES.short : GUESSES.long;
  const flood = eachOf(Array.from({ length: count }, () => guess), GUESS_WIDTH, async (attack) => {
    judgeOutcomes(attack, await sendCase(port, attack, draws), canaries, findings);
  });
  const startedMs = performance.now();
  const during = await askApp(origin, right);
  const tookMs = performance.now() - startedMs;
  const isServed = during.kind === "given" && tookMs < RIGHT_KEY_WITHIN_MS;
  findings.expect(
    isServed,
    "other",
    "keys: the right one in a flood",
    `${wordOf(during)}, ${tookMs.toFixed(0)} ms`,
  );
  await flood;
  const flooded = lines - linesBefore;
  findings.expect(
    flooded < count / 4,
    "other",
    `keys: ${count} wrong ones`,
    `they brought ${flooded} log lines`,
  );

  const memory = await expectGrowth(findings, "keys: after all", server, { beforeMib, mostMib: MOST_MIB });
  program.signal("SIGTERM");
  await expectEnd(findings, "keys: SIGTERM", program, END_WITHIN_MS);
  return { cases: cases.length + count, memory };
}
