import type { Clock } from "../ports/clock.ts";
import type { ServiceHealth, TokenService } from "../ports/tokens.ts";

/** Longer than a store that works ever needs, shorter than the patience of what probes. */
const HEALTH_DEADLINE_MS = 2000;

/** Asks the service for its health. Always answers, and within two seconds: a probe must not hang or fail by itself. */
export async function checkHealth(
  tokens: Pick<TokenService, "health">,
  clock: Clock,
): Promise<ServiceHealth> {
  const answered = new AbortController();
  const tooLate = clock.sleep(HEALTH_DEADLINE_MS, answered.signal).then(
    (): ServiceHealth => ({ ok: false, reason: "The token store does not answer" }),
  );
  try {
    return await Promise.race([tokens.health(), tooLate]);
  } catch {
    return { ok: false, reason: "The health check failed" };
  } finally {
    tooLate.catch(() => {}); // the sleep rejects once nobody waits for it any more
    answered.abort();
  }
}
