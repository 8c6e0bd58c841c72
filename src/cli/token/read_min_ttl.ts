import { UsageError } from "../command_line/usage_error.ts";

/** Most that a user token can be asked for, in seconds: it lives for two hours, and is renewed well before its end. */
export const MAX_USER_MIN_TTL_SECONDS = 3600;

/**
 * Milliseconds for which a token must still work.
 *
 * @param given value of `--min-ttl`; five minutes where there is none.
 * @throws UsageError for anything but whole seconds from 0 to `mostSeconds`.
 */
export function readMinTtl(given: string | true | undefined, mostSeconds: number): number {
  if (given === undefined) return 300_000;
  const seconds = typeof given === "string" && /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  if (seconds <= mostSeconds) return seconds * 1000;
  throw new UsageError({
    en: `--min-ttl must be a whole number from 0 to ${mostSeconds}`,
    zh: `--min-ttl 必须是 0 到 ${mostSeconds} 之间的整数`,
  });
}
