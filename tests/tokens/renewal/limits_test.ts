import assert from "node:assert/strict";
import {
  APP_LIMITS,
  assertLimits,
  CLAIM_DEADLINE_MS,
  COMMIT_DEADLINE_MS,
  PAUSE_ALLOWANCE_MS,
  SPENDING_LIMITS,
} from "../../../src/tokens/renewal/limits.ts";

Deno.test("assertLimits() accepts the constants", () => {
  assertLimits();
});

Deno.test.each([["spending", SPENDING_LIMITS], ["app", APP_LIMITS]] as const)(
  "the lease of a %s call outlives a claim, a pause, an attempt and a commit",
  (_name, limits) => {
    const { attemptTimeoutMs, needMs, lifeMs } = limits;
    assert(needMs >= PAUSE_ALLOWANCE_MS + attemptTimeoutMs + COMMIT_DEADLINE_MS);
    assert(lifeMs >= needMs + CLAIM_DEADLINE_MS);
  },
);
