import * as z from "zod";
import type { Phrase } from "../../errors/language.ts";

/** Feishu's app and tenant tokens live for two hours. */
export const MAX_MIN_TTL_SECONDS = 7200;
const DEFAULT_MIN_TTL_SECONDS = 300;

/** The rule of `min_ttl_seconds`, as its refusal states it. */
export const MIN_TTL_RULE: Phrase = {
  en: `must be a whole number from 0 to ${MAX_MIN_TTL_SECONDS}`,
  zh: `必须是 0 到 ${MAX_MIN_TTL_SECONDS} 之间的整数`,
};

/** Makes the schema of the argument: how long an app or tenant token must still work, in whole seconds. */
export function minTtlArgument(): z.ZodDefault<z.ZodInt> {
  return z.int(MIN_TTL_RULE.en).min(0, MIN_TTL_RULE.en).max(MAX_MIN_TTL_SECONDS, MIN_TTL_RULE.en)
    .default(DEFAULT_MIN_TTL_SECONDS).describe(
      `How many seconds the token must still work for; ${DEFAULT_MIN_TTL_SECONDS} by default. Leave it out unless a long ` +
        "job must not be interrupted: Feishu issues a new token only when less than 30 minutes remain, so large values are " +
        "often unreachable.",
    );
}
