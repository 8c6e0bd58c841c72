import type { Phrase } from "../errors/language.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { ServiceHealth, TokenService } from "../ports/tokens.ts";
import type { RepeatedLines } from "./repeated_lines.ts";

/** Longer than a store that works ever needs, shorter than the patience of what probes. */
const HEALTH_DEADLINE_MS = 2000;

const NO_ANSWER: Phrase = { en: "The token store does not answer", zh: "令牌存储没有响应" };
const CHECK_FAILED: Phrase = { en: "The health check failed", zh: "健康检查失败" };

/** What a probe is told. */
export interface HealthReport {
  /** Whether all is well. */
  readonly ok: boolean;
  /** Why not, as anybody may know it: probes are answered under every name, and to everybody. */
  readonly reason?: Phrase | undefined;
}

/** What {@linkcode checkHealth} needs. */
export interface HealthCheckOptions {
  /** Asked for its health. */
  readonly tokens: Pick<TokenService, "health">;
  /** Bounds the wait. */
  readonly clock: Clock;
  /** Of the request. Is told the whole reason. */
  readonly log: Log;
  /** Keeps that from being told at every probe. */
  readonly repeated: RepeatedLines;
}

/** Asks the service for its health. Always answers, and within two seconds: a probe must not hang or fail by itself. */
export async function checkHealth(
  { tokens, clock, log, repeated }: HealthCheckOptions,
): Promise<HealthReport> {
  const { ok, reason, publicReason = reason } = await askHealth(tokens, clock);
  if (ok) return { ok };
  const event = "not ready";
  repeated.write(log, { kind: event, level: "warn", event, fields: { reason: reason?.en } });
  return { ok, reason: publicReason };
}

async function askHealth(tokens: Pick<TokenService, "health">, clock: Clock): Promise<ServiceHealth> {
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
