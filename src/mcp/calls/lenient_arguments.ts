import { z } from "zod";
import type { Tool } from "../contract/tool.ts";

/** A whole number sent as text; the text of a float may end in `.0`. */
const WHOLE_NUMBER = /^[+-]?\d{1,15}(?:\.0+)?$/;

/**
 * Converts the forms in which some clients send arguments to those that `tool` takes. Names stay as they are: the
 * schema refuses an unknown argument later.
 *
 * | argument                                   | sent as             | counts as   | sent so by                      |
 * | ------------------------------------------ | ------------------- | ----------- | ------------------------------- |
 * | optional                                   | `null`, blank text  | absent      | OpenAI's strict mode, CrewAI, C# |
 * | an optional whole number that cannot be 0  | `0`, `"0"`          | absent      | Go and Java, for a field not set |
 * | a whole number                             | `"300"`, `"300.0"`  | the number  | models that quote every value   |
 */
export function lenientArguments({ input }: Tool, args: unknown): unknown {
  if (args === undefined || args === null) return {};
  if (typeof args !== "object" || Array.isArray(args)) return args;
  const shape: Readonly<Record<string, z.ZodType>> = input.shape;
  let read: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(args)) {
    const rule = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (rule === undefined || (value !== null && value !== 0 && typeof value !== "string")) continue;
    const converted = convert(rule, value);
    if (converted === value) continue;
    read ??= { ...args };
    if (converted === undefined) delete read[name];
    else read[name] = converted;
  }
  return read ?? args;
}

/** The value that `rule` takes for `value`; `undefined` where the argument counts as absent. */
function convert(rule: z.ZodType, value: unknown): unknown {
  const isOptional = rule.isOptional();
  const text = typeof value === "string" ? value.trim() : undefined;
  if (isOptional && (value === null || text === "")) return undefined;
  if (!isWholeNumber(rule)) return value;
  const number = text !== undefined && WHOLE_NUMBER.test(text) ? Number(text) : value;
  return isOptional && number === 0 && !rule.safeParse(0).success ? undefined : number;
}

function isWholeNumber(rule: z.ZodType): boolean {
  let inner: unknown = rule;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap();
  return inner instanceof z.ZodNumber;
}
