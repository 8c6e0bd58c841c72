import * as z from "zod";
import { splitList } from "../../credentials/split_list.ts";
import type { Tool } from "../contract/tool.ts";

/** A whole number sent as text; the text of a float may end in `.0`. */
const WHOLE_NUMBER = /^[+-]?\d{1,15}(?:\.0+)?$/;

/** A boolean sent as text; Python writes it with a capital letter. */
const BOOLEAN = /^(?:(true)|false)$/i;
/** Around the entries of a list that is sent as text. No entry has one of them in it. */
const LIST_MARKS = /[[\]"'`]/g;

/**
 * Converts the forms in which some clients send arguments to those that `tool` takes. Names stay as they are: the
 * schema refuses an unknown argument later.
 *
 * | argument                                   | sent as             | counts as   | sent so by                      |
 * | ------------------------------------------ | ------------------- | ----------- | ------------------------------- |
 * | optional                                   | `null`, blank text  | absent      | OpenAI's strict mode, CrewAI, C# |
 * | an optional whole number that cannot be 0  | `0`, `"0"`          | absent      | Go and Java, for a field not set |
 * | an optional list                           | `[]`, `"[]"`        | absent      | the same                        |
 * | a whole number                             | `"300"`, `"300.0"`  | the number  | models that quote every value   |
 * | a boolean                                  | `"true"`, `"False"` | the boolean | the same                        |
 * | a list                                     | `"a b"`, `"a, b"`, `'["a","b"]'`, `["a b"]` | its entries | OAuth's form, and the same |
 */
export function lenientArguments({ input }: Tool, args: unknown): unknown {
  if (args === undefined || args === null) return {};
  if (typeof args !== "object" || Array.isArray(args)) return args;
  const shape: Readonly<Record<string, z.ZodType>> = input().shape;
  let read: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(args)) {
    const rule = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (rule === undefined || !isConvertible(value)) continue;
    const converted = convert(rule, value);
    if (converted === value) continue;
    read ??= { ...args };
    if (converted === undefined) delete read[name];
    else read[name] = converted;
  }
  return read ?? args;
}

function isConvertible(value: unknown): boolean {
  return value === null || value === 0 || typeof value === "string" || Array.isArray(value);
}

/** The value that `rule` takes for `value`; `undefined` where the argument counts as absent. */
function convert(rule: z.ZodType, value: unknown): unknown {
  const isOptional = rule.isOptional();
  const text = typeof value === "string" ? value.trim() : undefined;
  if (isOptional && (value === null || text === "")) return undefined;
  const inner = innerRule(rule);
  if (inner instanceof z.ZodBoolean) return booleanOf(text) ?? value;
  if (inner instanceof z.ZodArray) {
    const list = listOf(value);
    return isOptional && Array.isArray(list) && list.length === 0 ? undefined : list;
  }
  if (!(inner instanceof z.ZodNumber)) return value;
  const number = text !== undefined && WHOLE_NUMBER.test(text) ? Number(text) : value;
  return isOptional && number === 0 && !rule.safeParse(0).success ? undefined : number;
}

function booleanOf(text: string | undefined): boolean | undefined {
  const match = BOOLEAN.exec(text ?? "");
  return match === null ? undefined : match[1] !== undefined;
}

/** The entries of a text, or of a list of texts. Anything else stays as it is, for the schema to refuse. */
function listOf(value: unknown): unknown {
  if (typeof value === "string") return splitList(value.replace(LIST_MARKS, " "));
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === "string")) return value;
  return splitList(value.join(" "));
}

function innerRule(rule: z.ZodType): unknown {
  let inner: unknown = rule;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap();
  return inner;
}
