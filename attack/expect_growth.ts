import type { AttackedServer } from "./attacked_server.ts";
import type { Findings } from "./findings.ts";

/**
 * Records a fault where a server has at some time held over `mostMib` MiB more than the `beforeMib` of its start.
 * Returns both figures in words.
 */
export async function expectGrowth(
  findings: Findings,
  name: string,
  server: AttackedServer,
  { beforeMib, mostMib }: { readonly beforeMib: number; readonly mostMib: number },
): Promise<string> {
  const peakMib = await server.peakMebibytes();
  const words = `${beforeMib.toFixed(0)} → ${peakMib.toFixed(0)} MiB`;
  // `NaN` where memory cannot be measured: no fault then.
  if (peakMib - beforeMib > mostMib) findings.add("other", name, `its memory grew: ${words}`);
  return words;
}
