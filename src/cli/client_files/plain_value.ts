import { isDeepStrictEqual } from "node:util";
import type { EntryFields } from "./entry_format.ts";

/** Whether two values of parsers are the same. Some parsers leave out the prototypes. */
export function isSameValue(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(plainValue(a), plainValue(b));
}

/** `value` with objects as literals make them. */
export function plainValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(plainValue);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainValue(each)]));
}

/** The fields of `value`; none where it is no object. */
export function asFields(value: unknown): EntryFields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** Whether an entry already has those fields, and none that are `dropped`. */
export function hasFields(entry: unknown, fields: EntryFields, dropped: readonly string[]): boolean {
  const present = asFields(entry);
  return Object.entries(fields).every(([field, value]) => isSameValue(present[field], value)) &&
    dropped.every((field) => !Object.hasOwn(present, field));
}
