import { APP_LIMITS } from "../../../src/tokens/renewal/limits.ts";
import type { AppCall } from "../app_call.ts";
import { APP_RECORD } from "../pair_name.ts";
import { APP_REUSE_MS } from "../app_desk.ts";
import type { World } from "../world.ts";

/** What the engine says when it asks without a lease. */
const ALONE = "store unavailable, app token got without it";

/** Promise 2, for app tokens: a process that asks Feishu has the lease, or has found the store away. */
export function asksForAppTokensUnderALease(world: World, call: AppCall): string | undefined {
  const process = world.run(call.by);
  const lease = process.knowledge.records.get(APP_RECORD)?.lease;
  const nonce = lease?.process === process.label ? lease.nonce : null;
  const claimedMs = world.history.claims.get(nonce ?? "")?.atMs ?? -Infinity;
  const alone = process.log.lines.filter(({ event }) => event === ALONE).length;
  const before =
    world.feishu.apps.calls.filter((each) => each !== call && each.by === call.by && !each.hasLease).length;
  // Said so just now. It may know of a lease all the same, which it has given back without being told that it did.
  const isAlone = before < alone;
  call.hasLease = !isAlone && call.sentMs - claimedMs <= APP_LIMITS.lifeMs - APP_LIMITS.needMs;
  return call.hasLease || isAlone ? undefined : `${process.label} asks for an app token without a lease`;
}

/** Promise 2, for app tokens: only one process with a lease asks at a time, and none while the stored token is young. */
export function asksForOneAppToken(world: World, call: AppCall): string | undefined {
  if (!call.hasLease || world.isTakenBack) return undefined;
  const { label } = call.by;
  const other = world.feishu.apps.calls.find((each) =>
    each !== call && each.by.isAlive && each.hasLease && !each.isOver
  );
  if (other !== undefined) return `${label} asks for an app token while ${other.by.label} does`;
  const { name, endsMs } = world.feishu.apps.token;
  const storedAt = world.history.stored.get(name);
  const nonce = world.run(call.by).knowledge.records.get(APP_RECORD)?.lease?.nonce ?? "";
  const claimedAt = world.history.claims.get(nonce)?.landed?.write ?? Infinity;
  const isYoung = endsMs - call.sentMs > APP_REUSE_MS;
  if (storedAt === undefined || storedAt > claimedAt || !isYoung || world.hasSkew) return undefined;
  return `${label} asks for an app token although ${name} was stored, with more left than Feishu renews`;
}
