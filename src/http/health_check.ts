import type { Phrase } from "../errors/language.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { ServiceHealth, TokenService } from "../ports/tokens.ts";
import type { RepeatedLines } from "../log/repeated_lines.ts";

/** Longer than a working store ever takes, shorter than the timeout of usual probes. */
const HEALTH_DEADLINE_MS = 2000;

const NO_STORE_ANSWER: Phrase = { en: "The token store does not answer", zh: "令牌存储没有响应" };
const CHECK_FAILED: Phrase = { en: "The health check failed", zh: "健康检查失败" };

/** Reports the health of the service, and logs each failure with its full reason, and each recovery. */
export class HealthCheck {
  readonly #options: HealthCheckOptions;
  #wasReady = true;

  /** Checks nothing yet. */
  constructor(options: HealthCheckOptions) {
    this.#options = options;
  }

  /**
   * Resolves within two seconds and never rejects: a probe must get its answer.
   *
   * @param log that of the request.
   */
  async report(log: Log): Promise<HealthReport> {
    const { tokens, clock, repeated } = this.#options;
    const { ok, reason, publicReason = reason } = await askHealth(tokens, clock);
    if (ok !== this.#wasReady || !ok) {
      this.#wasReady = ok;
      const event = ok ? "ready again" : "not ready";
      // The reason is part of the kind, so that a new one is logged at once.
      const kind = `${event} ${reason?.en}`;
      repeated.write(log, { kind, level: ok ? "info" : "warn", event, fields: { reason: reason?.en } });
    }
    return ok ? { ok } : { ok, reason: publicReason };
  }
}

/** What a probe gets. */
export interface HealthReport {
  /** Whether the service is healthy. */
  readonly ok: boolean;
  /** Why it is not. Public: everybody may call the probes, under any name. */
  readonly reason?: Phrase | undefined;
}

/** What {@linkcode HealthCheck} needs. */
export interface HealthCheckOptions {
  /** The service to check. */
  readonly tokens: Pick<TokenService, "health">;
  /** Times the deadline. */
  readonly clock: Clock;
  /** Limits the log lines, which every probe would repeat. */
  readonly repeated: RepeatedLines;
}

async function askHealth(tokens: Pick<TokenService, "health">, clock: Clock): Promise<ServiceHealth> {
  const answered = new AbortController();
  const tooLate = clock.sleep(HEALTH_DEADLINE_MS, answered.signal).then(
    (): ServiceHealth => ({ ok: false, reason: NO_STORE_ANSWER }),
  );
  try {
    return await Promise.race([tokens.health(), tooLate]);
  } catch {
    return { ok: false, reason: CHECK_FAILED };
  } finally {
    tooLate.catch(() => {}); // the sleep rejects when it is aborted
    answered.abort();
  }
}
