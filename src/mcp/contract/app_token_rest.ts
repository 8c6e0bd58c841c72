import * as z from "zod";
import type { Brand } from "../../brand.ts";
import type { AppTokenResult } from "../../ports/tokens.ts";
import { secondsLeft, toUnixSeconds } from "./token_times.ts";
import type { ToolContext } from "./tool.ts";

/** Makes the schemas of the output fields of an app or tenant token, without the token itself. */
export function appTokenRestSchemas(): AppTokenRestSchemas {
  return {
    expires_at: z.int().min(0).describe("When it expires, in Unix seconds."),
    expires_in: z.int().min(0).describe("Seconds that remained when this was answered."),
    warning: z.string().optional().describe(
      "Present when less time is left than was asked for: why, and what to do.",
    ),
  };
}

/** The schemas by field. */
export interface AppTokenRestSchemas extends z.ZodRawShape {
  /** Unix seconds. */
  readonly expires_at: z.ZodInt;
  /** Whole seconds. */
  readonly expires_in: z.ZodInt;
  /** Absent where nothing is wrong. */
  readonly warning: z.ZodOptional<z.ZodString>;
}

/** The values of {@linkcode appTokenRestSchemas} for `token`. */
export function appTokenRest(
  token: AppTokenResult,
  brand: Brand,
  { clock, language }: Pick<ToolContext, "clock" | "language">,
): { expires_at: number; expires_in: number; warning?: string } {
  return {
    expires_at: toUnixSeconds(token.expiresAtMs),
    expires_in: secondsLeft(token, clock.now()),
    ...(token.warning === undefined ? {} : { warning: token.warning.sentence({ language, brand }) }),
  };
}
