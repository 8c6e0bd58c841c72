import { MAX_LIFETIME_MS } from "./limits.ts";

/** A JSON object whose fields may be anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** `value` as an object of fields, if it is one. */
export function readFields(value: unknown): Fields | undefined {
  return isFields(value) ? value : undefined;
}

/** A string that is not empty; anything else counts as not said. */
export function readText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Feishu's seconds, given as a number or as text, in milliseconds; what cannot be a lifetime counts as not said. */
export function readLifetimeMs(value: unknown): number | undefined {
  const seconds = typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  if (typeof seconds !== "number") return undefined;
  const lifetimeMs = Math.floor(seconds * 1000);
  return lifetimeMs >= 0 && lifetimeMs <= MAX_LIFETIME_MS ? lifetimeMs : undefined;
}

/** Feishu's `code`, given as a number or as its digits. */
export function readCode(value: unknown): number | undefined {
  const code = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof code === "number" && Number.isSafeInteger(code) ? code : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
