import { COMMIT_DEADLINE_MS, SPENDING_LIMITS } from "../../../src/tokens/renewal/limits.ts";
import { renewedBy } from "../known_pairs.ts";
import { isLater } from "../pair_name.ts";
import { issuedFor, type Presentation } from "../presentation.ts";
import { supersedes } from "../superseding.ts";
import type { World } from "../world.ts";

/**
 * Promise 2. A process that presents a token knows no newer pair: neither from Feishu, nor from the last snapshot that it
 * read, nor from its machine's journal as it was when the process claimed. The lease that it read back is its own, and is
 * not older than a presentation allows. (A login between claim and presentation makes the presentation useless, not harmful.)
 */
export function presentsTheNewestItKnows(world: World, presentation: Presentation): string | undefined {
  const { token, by, lookedMs } = presentation;
  const { history } = world;
  const process = world.run(by);
  const { machine } = process;
  const where = `${by.label} presents ${token}`;
  const known = process.knowledge.records.get(world.recordOf(token));
  const nonce = known?.ownLease?.nonce ?? null;
  if (nonce === null) return `${where} without having read that the lease is its own`;
  const claim = history.claims.get(nonce);
  if (claim === undefined) return `${where} under a lease that nobody has claimed`;
  // Where the store has lost it since, another question of the same process may have been shown what is there now.
  if (known?.lease?.nonce !== nonce && !history.isLost(claim)) {
    return `${where} under a lease that it has lost`;
  }

  const newer = claim.known.find((pair) =>
    supersedes(world, pair, token, machine) && !history.isLoggedOut(pair)
  );
  if (newer !== undefined) return `${where} although it knew ${newer} when it claimed`;
  const sameLogin = [known?.pair ?? token, ...renewedBy(world, process)].find((pair) =>
    supersedes(world, pair, token, machine) && isLater(pair, token) && !history.isLoggedOut(pair)
  );
  if (sameLogin !== undefined) return `${where} although it knows ${sameLogin}`;
  const elapsedMs = lookedMs - claim.atMs;
  const mostMs = SPENDING_LIMITS.lifeMs - SPENDING_LIMITS.needMs;
  return elapsedMs <= mostMs ? undefined : `${where} ${elapsedMs} ms after it claimed: ${mostMs} at most`;
}

/**
 * Promise 2. A token is presented again only when every earlier presentation of it was refused without consuming it, or has
 * an unknown outcome: lost, aborted, or its presenter dead. One more case is allowed, because no protocol can exclude it:
 * the presenter was cut off from the store, and no process claimed within a commit's deadline after the answer was read.
 */
export function presentsOnce(world: World, presentation: Presentation): string | undefined {
  if (world.isTakenBack) return undefined;
  const { history, feishu } = world;
  const { token, by } = presentation;
  const again = `${by.label} presents ${token}`;
  const nonce = world.run(by).knowledge.records.get(world.recordOf(token))?.lease?.nonce;
  const claimed = history.claims.get(nonce ?? "")?.landed;
  for (const earlier of feishu.presentations) {
    if (earlier === presentation || earlier.token !== token) continue;
    const pair = issuedFor(earlier);
    if (pair !== undefined && (history.stored.get(pair) ?? Infinity) < (claimed?.write ?? Infinity)) {
      return `${again}, whose successor ${pair} was stored`;
    }
    if (!earlier.by.isAlive || earlier.isLost) continue;
    if (earlier.answeredMs === undefined) {
      return `${again} while ${earlier.by.label} still waits for its answer`;
    }
    if (pair === undefined) continue;
    if (claimed === undefined) {
      return `${again} without a lease, after ${earlier.by.label} was given ${pair} for it`;
    }
    const sinceMs = claimed.atMs - earlier.answeredMs;
    if (sinceMs < COMMIT_DEADLINE_MS) {
      return `${again}, claimed only ${sinceMs} ms after ${earlier.by.label} was given ${pair} for it`;
    }
  }
  return undefined;
}
