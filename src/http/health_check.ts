import type { Phrase } from "../errors/language.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { ServiceHealth, TokenService } from "../ports/tokens.ts";
import type { RepeatedLines } from "../log/repeated_lines.ts";

/** Longer than a store that works ever needs, shorter than the patience of what probes. */
const HEALTH_DEADLINE_MS = 2000;

const NO_ANSWER: Phrase = { en: "The token store does not answer", zh: "令牌存储没有响应" };
const CHECK_FAILED: Phrase = { en: "The health check failed", zh: "健康检查失败" };

/** Asks the service for its health, and logs the whole reason where it is not well, and that it is again. */
export class HealthCheck {
  readonly #options: HealthCheckOptions;
  #wasReady = true;

  /** Asks nothing yet. */
  constructor(options: HealthCheckOptions) {
    this.#options = options;
  }

  /**
   * Always answers, and within two seconds: a probe must not hang or fail by itself.
   *
   * @param log of the request.
   */
  async report(log: Log): Promise<HealthReport> {
    const { tokens, clock, repeated } = this.#options;
    const { ok, reason, publicReason = reason } = await askHealth(tokens, clock);
    if (ok !== this.#wasReady || !ok) {
      this.#wasReady = ok;
      const event = ok ? "ready again" : "not ready";
      // With its reason: another one is news.
      const kind = `${event} ${reason?.en}`;
      repeated.write(log, { kind, level: ok ? "info" : "warn", event, fields: { reason: reason?.en } });
    }
    return ok ? { ok } : { ok, reason: publicReason };
  }
}

/** What a probe is told. */
export interface HealthReport {
  /** Whether all is well. */
  readonly ok: boolean;
  /** Why not, as anybody may know it: probes are answered under every name, and to everybody. */
  readonly reason?: Phrase | undefined;
}

/** What {@linkcode HealthCheck} needs. */
export interface HealthCheckOptions {
  /** Asked for its health. */
  readonly tokens: Pick<TokenService, "health">;
  /** Bounds the wait. */
  readonly clock: Clock;
  /** Keeps what a probe finds from being told at every probe. */
  readonly repeated: RepeatedLines;
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
