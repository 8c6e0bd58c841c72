import * as z from "zod";
import type { Brand } from "../../brand.ts";
import type { AppTokenResult } from "../../ports/tokens.ts";
import { secondsLeft, toUnixSeconds } from "./token_times.ts";
import type { ToolContext } from "./tool.ts";

/** The output fields of an app or tenant token, without the token itself. */
export const APP_TOKEN_REST = {
  expires_at: z.int().min(0).describe("When it expires, in Unix seconds."),
  expires_in: z.int().min(0).describe("Seconds that remained when this was answered."),
  warning: z.string().optional().describe(
    "Present when less time is left than was asked for: why, and what to do.",
  ),
} as const;

/** The values of {@linkcode APP_TOKEN_REST} for `token`. */
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
