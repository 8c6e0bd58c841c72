import { environmentOf } from "../../harness/children.ts";
import { Canaries } from "../canaries.ts";
import type { AttackContext, Part, PartResult } from "../part.ts";
import { callsIn } from "./calls_in.ts";
import { callsWithTelemetry } from "./calls_with_telemetry.ts";
import { Plant } from "./plant.ts";
import { runCommands } from "./run_commands.ts";
import { sandboxViews } from "./sandbox_views.ts";
import { APP_IDS, plantSecrets, SECRET_NAMES } from "./secret_names.ts";

/** Plants secrets through every door, and looks where they turn up again. */
export const secretsPart: Part = { name: "secrets", run };

async function run(context: AttackContext): Promise<PartResult> {
  const { chance, folder, denoDir } = context;
  const canaries = new Canaries(chance.of("canaries"));
  const secrets = plantSecrets(canaries);
  const serverKey = new Uint8Array(Array.from({ length: 32 }, () => Math.floor(chance.between(0, 256))));
  canaries.plant("server key", serverKey.toBase64());
  const env = {
    ...await environmentOf(`${folder}/home`, denoDir),
    FEISHU_APP_ID: APP_IDS[0],
    FEISHU_APP_SECRET: secrets["app secret of the environment"],
    FEISHU_TOKEN_KEY: `k1:${serverKey.toBase64()}`,
    DENO_KV_ACCESS_TOKEN: secrets["KV access token"],
  };
  const plant = new Plant(context, canaries, secrets, env);
  const [otlp, ...cases] = await Promise.all([
    callsWithTelemetry(plant),
    callsIn(plant, "json"),
    context.isShort ? 0 : callsIn(plant, "human"),
    runCommands(plant),
    sandboxViews(context),
  ]);
  return {
    cases: cases.reduce((total, count) => total + count, otlp.cases),
    sent:
      `${SECRET_NAMES.length} secrets in headers, queries, paths, bodies, arguments, variables, files and Feishu's answers`,
    figures: [`${otlp.exports} exports of telemetry, ${otlp.kilobytes} kB`],
  };
}
