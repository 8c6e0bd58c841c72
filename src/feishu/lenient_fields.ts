import { MAX_LIFETIME_MS } from "./limits.ts";

/** A JSON object whose fields may be anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** `value` where it is an object. */
export function readFields(value: unknown): Fields | undefined {
  return isFields(value) ? value : undefined;
}

/** `value` where it is a string that is not empty. */
export function readText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Feishu's seconds, a number or text, in milliseconds; `undefined` for what cannot be a lifetime. */
export function readLifetimeMs(value: unknown): number | undefined {
  const seconds = typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  if (typeof seconds !== "number") return undefined;
  const lifetimeMs = Math.floor(seconds * 1000);
  return lifetimeMs >= 0 && lifetimeMs <= MAX_LIFETIME_MS ? lifetimeMs : undefined;
}

/** Feishu's `code`, a number or its digits. */
export function readCode(value: unknown): number | undefined {
  const code = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof code === "number" && Number.isSafeInteger(code) ? code : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
