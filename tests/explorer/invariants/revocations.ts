import { isFinal } from "../../../src/login/login_record.ts";
import type { Revocation } from "../logins/revocation.ts";
import { loginOf } from "../pair_name.ts";
import type { World } from "../world.ts";

/**
 * A revocation ends no login that lives, whatever Feishu ends by it: none whose pair is in a grant, and none whose pair was
 * issued to somebody who has it still, and will go into a grant.
 */
export function revokesNoLiveLogin(world: World, { by, token }: Revocation): string | undefined {
  const { loginHistory, feishu, view } = world;
  for (const letter of feishu.logins.reachOf(token)) {
    const family = feishu.logins.families.get(letter);
    const issued = loginHistory.issued().find(({ pair }) => loginOf(pair) === letter);
    if (family === undefined || issued === undefined) continue;
    const { presentation, pair } = issued;
    const code = presentation.token;
    const ends = `${by.label} revokes ${token}, which ends ${letter} of ${code}`;
    const kept = view.record(family.person).token?.pair ?? null;
    if (kept !== null && loginOf(kept) === letter) return `${ends}: the grant of ${family.person}`;
    if (loginHistory.isLoggedOut(code, family.person)) continue;
    const record = loginHistory.logins.get(code)?.record;
    if (record === undefined || isFinal(record) || !loginHistory.isHeld(presentation, pair)) continue;
    return `${ends}, which is ${record.phase}`;
  }
  return undefined;
}
