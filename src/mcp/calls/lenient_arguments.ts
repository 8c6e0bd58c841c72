import { z } from "zod";
import type { Tool } from "../contract/tool.ts";

/** What a whole number looks like where it comes as text; a float's text may end in `.0`. */
const WHOLE_NUMBER = /^[+-]?\d{1,15}(?:\.0+)?$/;

/**
 * `args` as `tool` takes them, from clients that cannot leave an argument out or send every value as text. Names are left
 * alone: what the tool does not know is refused as it came.
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
    const meant = meaning(rule, value);
    if (meant === value) continue;
    read ??= { ...args };
    if (meant === undefined) delete read[name];
    else read[name] = meant;
  }
  return read ?? args;
}

/** What `value` stands for under `rule`; `undefined` where it stands for nothing. */
function meaning(rule: z.ZodType, value: unknown): unknown {
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
