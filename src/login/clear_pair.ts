import { isTombstone } from "../ports/record_order.ts";
import type { Tombstone } from "../ports/store.ts";
import { COMMIT_DEADLINE_MS } from "../tokens/renewal/limits.ts";
import { isReopenable } from "./is_open.ts";
import type { LoginParts, LoginStep, StepOutcome } from "./login_parts.ts";
import { loginRef } from "./login_strategy.ts";

/**
 * The last step: destroys the pair in the record of the kind `login`, after the grant was seen stored, or after the
 * login has failed. A tombstone stays for a day, so that no process that remembers the pair writes it back.
 */
export async function clearPair({ login, credentials }: LoginStep, parts: LoginParts): Promise<StepOutcome> {
  const { engine: { store, pairs, clock }, records, at } = parts;
  if (isReopenable(login, clock.now())) return "waits";
  const ref = loginRef(credentials, login.presented, login.id, at);
  const { token } = await store.read(ref.name);
  const stored = token.value;
  if (stored === null || !isTombstone(stored)) {
    const ended: Tombstone = { login: stored?.login ?? 0, gen: stored?.gen ?? 1, endedAtMs: clock.now() };
    const outcome = await store.write(ref.name, {
      check: { token: token.version },
      set: { token: ended },
      remove: ["status", "spare"],
      deadlineMs: COMMIT_DEADLINE_MS,
    });
    if (outcome.kind !== "ok") return "moved";
    await pairs.forget(ref, ended);
  } else await pairs.forget(ref, stored);
  await records.change(login.id, (found) => found.isCleared ? found : { ...found, isCleared: true });
  return "moved";
}
