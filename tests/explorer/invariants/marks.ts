import { issuedFor } from "../presentation.ts";
import type { ServerProcess } from "../server_process.ts";
import type { PlainOperation, RecordView } from "../store_view.ts";
import { supersedes } from "../superseding.ts";
import type { World } from "../world.ts";

/**
 * Promise 4. A mark is written by the holder of the lease, about the stored pair, after Feishu refused that pair to the
 * holder. It says that a login is needed only if Feishu accepted no presentation of the pair: else the outcome is unknown.
 */
export function marksOnlyAsHolder(
  world: World,
  process: ServerProcess,
  { kind, record, sets: { status } }: PlainOperation,
  before: RecordView,
): string | undefined {
  if (kind !== "mark" || status === undefined) return undefined;
  const { about, mark } = status;
  const { label } = process;
  const marks = `${label} marks ${record} as ${mark} about ${about}`;
  const { lease, token, spare } = before;
  if (lease?.process !== label || lease.nonce === null || lease.about !== about) {
    return `${marks} although the lease is not its own`;
  }
  if (world.isGrant(record) ? token?.pair !== about : token !== undefined) {
    return `${marks} although ${token?.pair ?? "nothing"} is stored`;
  }
  if (spare !== undefined && spare.pair !== about && spare.login === token?.login && spare.gen >= token.gen) {
    return `${marks} although ${spare.pair} is there as a spare`;
  }
  const { presentations } = world.feishu;
  const ours = presentations.filter((each) => each.token === about);
  if (!ours.some(({ by, decision }) => by === process && decision !== undefined && "refused" in decision)) {
    return `${marks}, which Feishu did not refuse to it`;
  }
  const accepted = ours.find((each) => issuedFor(each) !== undefined);
  if (mark !== "needs_login" || accepted === undefined || world.isTakenBack) return undefined;
  return `${marks} although Feishu gave ${issuedFor(accepted)} for it to ${accepted.by.label}`;
}

/** Promise 4. A process that marks a pair has no newer one in its machine's journal. */
export function marksOnlyWithoutNewerPair(
  world: World,
  process: ServerProcess,
  { kind, record, sets: { status } }: PlainOperation,
): string | undefined {
  if (kind !== "mark" || status === undefined) return undefined;
  const { about } = status;
  const { machine } = process;
  const newer = machine.notes().find(({ pair: { pair } }) => supersedes(world, pair, about, machine));
  if (newer === undefined) return undefined;
  return `${process.label} marks ${record} although ${newer.pair.pair} is in its machine's journal`;
}

/** Promise 2. No process claims a marked record: Feishu has refused its token for good. */
export function claimsNothingMarked(
  _world: World,
  process: ServerProcess,
  { kind, record, sets: { lease } }: PlainOperation,
  { status }: RecordView,
): string | undefined {
  if (kind !== "claim" || status === undefined || status.mark === "cool_down") return undefined;
  if (status.about !== lease?.about) return undefined;
  return `${process.label} claims ${record} although it is marked as ${status.mark}`;
}
