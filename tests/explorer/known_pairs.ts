import type { PairName } from "./pair_name.ts";
import { issuedFor } from "./presentation.ts";
import type { ServerProcess } from "./server_process.ts";
import type { World } from "./world.ts";

/** The pairs that Feishu has issued to `process`. */
export function renewedBy(world: World, process: ServerProcess): PairName[] {
  return world.feishu.presentations.flatMap((each) => {
    const pair = each.by === process && each.answeredMs !== undefined ? issuedFor(each) : undefined;
    return pair === undefined ? [] : [pair];
  });
}

/** What `process` knows: from Feishu, from `record` as it last read it, from its machine's journal. */
export function knownTo(world: World, process: ServerProcess, record: string): PairName[] {
  const read = process.knowledge.records.get(record)?.pair ?? null;
  const noted = process.machine.notes().map(({ pair }) => pair.pair);
  return [...renewedBy(world, process), ...[read, ...noted].filter((pair) => pair !== null)];
}
