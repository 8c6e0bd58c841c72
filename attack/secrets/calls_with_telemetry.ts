import { pause } from "../../harness/pause.ts";
import { AttackedServer } from "../attacked_server.ts";
import { EchoingFeishu } from "./echoing_feishu.ts";
import { makeCalls } from "./make_calls.ts";
import { OtlpReceiver } from "./otlp_receiver.ts";
import type { Plant } from "./plant.ts";

const OTLP_WITHIN_MS = 10_000;

/** Every call against a server of which Deno exports telemetry. It exports whole URLs, so that none holds a secret here. */
export async function callsWithTelemetry(
  plant: Plant,
): Promise<{ readonly cases: number; readonly exports: number; readonly kilobytes: number }> {
  const { context: { folder, findings }, env } = plant;
  await using receiver = new OtlpReceiver();
  const home = `${folder}/otel`;
  await Deno.mkdir(home);
  await using feishu = new EchoingFeishu(plant.secrets);
  await using server = await AttackedServer.start({
    args: ["--kv", `${home}/tokens.kv`, "--log-level", "debug"],
    env: { ...env, ...receiver.env, FEISHU_BASE_URL: feishu.origin },
    onLine: (line) => plant.look("log with telemetry", line),
  });
  const cases = await makeCalls(plant, feishu, server, "otel", false);
  server.program.signal("SIGTERM");
  await server.program.ended(OTLP_WITHIN_MS);
  const untilMs = performance.now() + OTLP_WITHIN_MS;
  while (receiver.exports === 0 && performance.now() < untilMs) await pause(50);
  findings.expect(
    receiver.exports > 0,
    "other",
    "telemetry",
    "nothing was exported, so that nothing was looked at",
  );
  plant.look("telemetry", receiver.text);
  return { cases, exports: receiver.exports, kilobytes: Math.round(receiver.text.length / 1000) };
}
