import { environmentOf } from "../../harness/children.ts";
import { SandboxProgram } from "../../harness/sandbox_program.ts";
import { eachOf } from "../each_of.ts";
import type { AttackContext, Part, PartResult } from "../part.ts";
import { judgeStart, type StartOutcome } from "./judge_start.ts";
import { copyStore, prepareStore } from "./prepared_store.ts";
import { spoilDatabase, SPOILINGS } from "./spoil_database.ts";
import { STORE_TRAPS } from "./store_traps.ts";

const SPOILT = { short: 5, long: 200 };
const LOGINS = { short: 4, long: 12 };
/** Traps that the short run can do without: others are of the same kind. */
const LONG_TRAPS = [
  "a text file as database",
  "a FIFO as database",
  "a key of 1 GiB",
  "a machine file of 1 GiB",
];
const WIDTH = 3;

/** Damaged databases, other programs' files, strange side files. */
export const storePart: Part = { name: "store", run };

async function run({ chance, isShort, folder, denoDir, findings }: AttackContext): Promise<PartResult> {
  await using sandbox = await SandboxProgram.start(await environmentOf(`${folder}/feishu`, denoDir));
  const count = isShort ? LOGINS.short : LOGINS.long;
  const store = await prepareStore({ folder: `${folder}/good`, denoDir, sandboxUrl: sandbox.url, count });
  const good = await Deno.readFile(store.path);
  const outcomes = new Map<StartOutcome, string[]>();
  const took = (name: string, outcome: StartOutcome): void => {
    outcomes.set(outcome, [...outcomes.get(outcome) ?? [], name]);
  };

  const kinds = chance.of("kinds").shuffled(SPOILINGS);
  const spoilt = Array.from({ length: isShort ? SPOILT.short : SPOILT.long }, (_, index) => ({
    name: `${kinds[index % kinds.length]} (${index})`,
    bytes: spoilDatabase(good, kinds[index % kinds.length] ?? "flip 1", chance.of(`spoil ${index}`)),
  }));
  const traps = STORE_TRAPS.filter(({ name }) => !isShort || !LONG_TRAPS.includes(name));

  await eachOf(traps, WIDTH, async ({ name, mustRefuse, culprit, set, after }, index) => {
    const path = await copyStore(store, `${folder}/trap${index}`);
    const end = await set(path);
    took(name, await judgeStart({ name, path, store, mustRefuse, culprit, findings }));
    end?.();
    const trouble = after?.(path) ?? null;
    if (trouble !== null) findings.add("other", name, trouble);
    await Deno.remove(`${folder}/trap${index}`, { recursive: true });
  });
  await eachOf(spoilt, WIDTH, async ({ name, bytes }, index) => {
    const path = await copyStore(store, `${folder}/spoilt${index}`);
    await Deno.writeFile(path, bytes);
    took(name, await judgeStart({ name, path, store, mustRefuse: false, findings }));
    await Deno.remove(`${folder}/spoilt${index}`, { recursive: true });
  });

  const panicked = outcomes.get("Deno panicked") ?? [];
  return {
    cases: traps.length + spoilt.length,
    sent: "flipped bits, torn pages, truncated and foreign databases, FIFOs, huge and open side files, locks",
    figures: [
      ...["served", "refused", "wrong"].map((word) =>
        `${word} ${outcomes.get(word as StartOutcome)?.length ?? 0}`
      ),
      `Deno itself panicked ${panicked.length} times${
        panicked.length > 0 ? ` (${panicked.join(", ")})` : ""
      }`,
    ],
  };
}
