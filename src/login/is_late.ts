import type { AppCredentials } from "../ports/feishu.ts";
import type { LoginParts } from "./login_parts.ts";
import type { LoginRecord } from "./login_record.ts";
import { loginRef } from "./login_strategy.ts";

/** What a process that advances a login may be late by before another takes it on, in milliseconds. */
const LATE_MS = 15_000;

/**
 * Whether nobody advances a login: its process is dead, or has done nothing for longer than it should. Another machine's
 * clock may be wrong by this much or more: then two processes poll, which their common cool-down keeps at one pace.
 *
 * @throws TokenError `store_unavailable` or `store_unreadable`.
 */
export async function isLate(
  login: LoginRecord,
  credentials: AppCredentials,
  { engine: { store, owner, liveness, clock }, at }: LoginParts,
): Promise<boolean> {
  const { machine, process } = login.poller;
  if (machine === owner.machine && !await liveness.isAlive(process)) return true;
  let seenMs = Math.max(login.startedAtMs, login.changedAtMs);
  if (login.phase === "waiting") {
    const ref = loginRef(credentials, login.presented, login.id, at);
    const { status, lease } = await store.read(ref.name);
    seenMs = Math.max(seenMs, status.value?.untilMs ?? 0, lease.value?.issuedAtMs ?? 0);
  }
  return Math.abs(clock.now() - seenMs) > login.intervalMs + LATE_MS;
}
