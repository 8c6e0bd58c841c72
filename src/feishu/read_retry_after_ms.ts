import { MAX_RETRY_AFTER_MS } from "./limits.ts";

/**
 * The wait that an answer asks for, in milliseconds from `nowMs`, at most an hour: Feishu's own `x-ogw-ratelimit-reset`
 * (seconds), else `Retry-After` (seconds or an HTTP date); `undefined` where neither can be read.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function readRetryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const asked = secondsMs(headers.get("x-ogw-ratelimit-reset")) ?? secondsMs(headers.get("retry-after")) ??
    dateMs(headers.get("retry-after"), nowMs);
  return asked === undefined ? undefined : Math.min(Math.max(0, asked), MAX_RETRY_AFTER_MS);
}

function secondsMs(value: string | null): number | undefined {
  return value !== null && /^\d+(\.\d+)?$/.test(value) ? Math.ceil(Number(value) * 1000) : undefined;
}

function dateMs(value: string | null, nowMs: number): number | undefined {
  // Only the form of RFC 9110: `Date.parse` alone reads nearly any text with a number in it as a date.
  if (value === null || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/.test(value)) {
    return undefined;
  }
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? undefined : atMs - nowMs;
}
