import type { Phrase } from "../../errors/language.ts";
import { UNIT_MS } from "./unit_ms.ts";

/** What times are shown by. */
export interface ShownTimeOptions {
  /** Unix milliseconds. */
  readonly nowMs: number;
  /** IANA name. */
  readonly timeZone: string;
}

/** `timeMs` on the wall and from now, such as `2026-12-01 09:30 (in 2 h 5 min)`. */
export function shownTime(timeMs: number, { nowMs, timeZone }: ShownTimeOptions): Phrase {
  const { en, zh } = shownDistance(timeMs - nowMs);
  const wall = wallTime(timeMs, timeZone);
  return { en: `${wall} (${en})`, zh: `${wall}（${zh}）` };
}

/** `timeMs` as `2026-12-01 09:30`, in `timeZone`. */
export function wallTime(timeMs: number, timeZone: string): string {
  // The Swedish form is that of ISO 8601.
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" })
    .format(timeMs).replace(/\s+/, " ");
}

/** A distance from now in its two largest units, `in …` or `… ago`; from two days on in days alone. */
export function shownDistance(ms: number): Phrase {
  const { en, zh } = shownSpan(Math.abs(ms));
  return ms >= 0 ? { en: `in ${en}`, zh: `${zh}后` } : { en: `${en} ago`, zh: `${zh}前` };
}

function shownSpan(ms: number): Phrase {
  if (ms >= 2 * UNIT_MS.day) return count(ms, UNIT_MS.day, { en: "days", zh: "天" });
  if (ms >= UNIT_MS.hour) {
    const hours = count(ms, UNIT_MS.hour, { en: "h", zh: "小时" });
    const rest = ms % UNIT_MS.hour;
    if (rest < UNIT_MS.minute) return hours;
    const minutes = count(rest, UNIT_MS.minute, { en: "min", zh: "分钟" });
    return { en: `${hours.en} ${minutes.en}`, zh: `${hours.zh} ${minutes.zh}` };
  }
  if (ms >= UNIT_MS.minute) return count(ms, UNIT_MS.minute, { en: "min", zh: "分钟" });
  return count(ms, UNIT_MS.second, { en: "s", zh: "秒" });
}

function count(ms: number, unitMs: number, unit: Phrase): Phrase {
  const whole = Math.floor(ms / unitMs);
  return { en: `${whole} ${unit.en}`, zh: `${whole} ${unit.zh}` };
}
