import type { Platform } from "../src/platform.ts";
import type { ChaosOptions, StoreKind } from "./chaos_options.ts";
import type { ChaosResult } from "./chaos_result.ts";
import { ChaosRun } from "./chaos_run.ts";
import { environmentOf, filledDenoDir } from "../harness/children.ts";
import { FeishuControl } from "./feishu_control.ts";
import { SandboxProgram } from "../harness/sandbox_program.ts";
import type { ChaosStore } from "./store/chaos_store.ts";
import { denokvStore } from "./store/denokv_store.ts";
import { fileStore } from "./store/file_store.ts";
import { StoreProbe } from "./store/store_probe.ts";

/**
 * Runs servers on one store and one simulated Feishu, injects the faults that `options` and chance choose, and checks the
 * history.
 *
 * @param say takes lines about the progress.
 * @param signal ends everything early, with its reason.
 * @throws ChaosError when it cannot begin or a server does not start.
 */
export async function runChaos(
  options: ChaosOptions,
  platform: Platform,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<ChaosResult> {
  const folder = await Deno.makeTempDir({ prefix: "feishu-token-chaos-" });
  try {
    await using store = await openStore(options.store, folder);
    const denoDir = await filledDenoDir();
    await using sandbox = await SandboxProgram.start(await environmentOf(`${folder}/feishu`, denoDir));
    const serverKey = platform.random.bytes(32).toBase64();
    using probe = await StoreProbe.open(platform, store.kv, serverKey, sandbox.url);
    const feishu = new FeishuControl(sandbox.url);
    await feishu.compareClocks();
    await using run = new ChaosRun({ options, store, probe, feishu, denoDir, serverKey, say });
    return await run.toItsEnd(signal);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function openStore(kind: StoreKind, folder: string): Promise<ChaosStore> {
  return kind === "denokv" ? denokvStore(folder) : Promise.resolve(fileStore(folder));
}
