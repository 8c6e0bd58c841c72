import type * as z from "zod";
import type { Phrase } from "../../errors/language.ts";
import type { Tool } from "./tool.ts";

/** The rule of `tool` that `issue` violates, as the end of a sentence that starts with the argument's name. */
export function brokenRule({ rules }: Pick<Tool, "rules">, issue: z.core.$ZodIssue): Phrase {
  const own: unknown = issue.code === "custom" ? issue.params?.rule : undefined;
  if (isPhrase(own)) return own;
  const { message } = issue;
  return rules[String(issue.path[0])] ?? { en: message, zh: message };
}

function isPhrase(value: unknown): value is Phrase {
  return typeof value === "object" && value !== null && "en" in value && "zh" in value;
}
