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

/** A distance from now, rounded, `in …` or `… ago`: in seconds, minutes, hours and minutes, or from two days on days. */
export function shownDistance(ms: number): Phrase {
  const { en, zh } = shownSpan(Math.abs(ms));
  return ms >= 0 ? { en: `in ${en}`, zh: `${zh}后` } : { en: `${en} ago`, zh: `${zh}前` };
}

function shownSpan(ms: number): Phrase {
  if (ms >= 2 * UNIT_MS.day) return count(Math.round(ms / UNIT_MS.day), { en: "days", zh: "天" });
  const seconds = Math.round(ms / UNIT_MS.second);
  if (seconds < 60) return count(seconds, { en: "s", zh: "秒" });
  const minutes = Math.round(ms / UNIT_MS.minute);
  const [hours, rest] = [Math.floor(minutes / 60), count(minutes % 60, { en: "min", zh: "分钟" })];
  if (hours === 0) return rest;
  const whole = count(hours, { en: "h", zh: "小时" });
  return minutes % 60 === 0 ? whole : { en: `${whole.en} ${rest.en}`, zh: `${whole.zh} ${rest.zh}` };
}

function count(number: number, unit: Phrase): Phrase {
  return { en: `${number} ${unit.en}`, zh: `${number} ${unit.zh}` };
}
