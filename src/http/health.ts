import type { Phrase } from "../errors/language.ts";
import type { Clock } from "../ports/clock.ts";
import type { ServiceHealth, TokenService } from "../ports/tokens.ts";

/** Longer than a store that works ever needs, shorter than the patience of what probes. */
const HEALTH_DEADLINE_MS = 2000;

const NO_ANSWER: Phrase = { en: "The token store does not answer", zh: "令牌存储没有响应" };
const CHECK_FAILED: Phrase = { en: "The health check failed", zh: "健康检查失败" };

/** Asks the service for its health. Always answers, and within two seconds: a probe must not hang or fail by itself. */
export async function checkHealth(
  tokens: Pick<TokenService, "health">,
  clock: Clock,
): Promise<ServiceHealth> {
  const answered = new AbortController();
  const tooLate = clock.sleep(HEALTH_DEADLINE_MS, answered.signal).then(
    (): ServiceHealth => ({ ok: false, reason: NO_ANSWER }),
  );
  try {
    return await Promise.race([tokens.health(), tooLate]);
  } catch {
    return { ok: false, reason: CHECK_FAILED };
  } finally {
    tooLate.catch(() => {}); // the sleep rejects once nobody waits for it any more
    answered.abort();
  }
}
