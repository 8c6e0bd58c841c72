import { eachOf } from "../each_of.ts";
import { Program } from "../program.ts";
import { EchoingFeishu } from "./echoing_feishu.ts";
import type { Plant } from "./plant.ts";
import { secretCommands } from "./secret_commands.ts";

const COMMANDS_SHORT = 9;
const COMMAND_WITHIN_MS = 60_000;
const WIDTH = 3;

/** Runs commands with secrets in them, and looks at what they print and leave behind. Returns how many. */
export async function runCommands(plant: Plant): Promise<number> {
  const { context: { chance, isShort, folder, findings }, env, secrets } = plant;
  await using feishu = new EchoingFeishu(secrets);
  const all = chance.of("commands").shuffled(secretCommands(secrets));
  const chosen = isShort ? all.slice(0, COMMANDS_SHORT) : all;
  await eachOf(chosen, WIDTH, async ({ args, env: changes = {}, stdin = "", file, prints = [] }, index) => {
    const home = `${folder}/command${index}`;
    await Deno.mkdir(home);
    if (file !== undefined) await Deno.writeTextFile(`${home}/bad.env`, file, { mode: 0o600 });
    const changed = Object.entries({
      ...env,
      FEISHU_BASE_URL: feishu.origin,
      FEISHU_TOKEN_KV: `${home}/kv/tokens.kv`,
      HOME: home,
      ...changes,
    });
    const fileArgs = file === undefined ? [] : [`${home}/bad.env`];
    await using program = new Program({
      args: [...args, ...fileArgs],
      env: Object.fromEntries(changed.flatMap(([key, value]) => value === null ? [] : [[key, value]])),
    });
    await program.send(stdin, 5_000);
    await program.closeInput();
    const name = `command ${args.map((each) => each.replace(/Kanarie\w+/, "…")).join(" ")} ${
      Object.keys(changes).join()
    }`;
    const end = await program.ended(COMMAND_WITHIN_MS);
    if (end === null) findings.add("hang", name, "it does not end");
    plant.look(name, `${program.stdout}\n${program.stderr}`, prints);
    await Deno.remove(`${home}/bad.env`).catch(() => {});
    await plant.lookAtFiles(`files of ${name}`, home);
  });
  return chosen.length;
}
