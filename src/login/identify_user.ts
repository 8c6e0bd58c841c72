import { tokenIn } from "../ports/record_order.ts";
import { errorOf } from "../tokens/renewal/failure_marks.ts";
import { remainingMs } from "../tokens/renewal/remaining_ms.ts";
import { failLogin } from "./fail_login.ts";
import type { LoginParts, LoginStep, StepOutcome } from "./login_parts.ts";
import { loginRef } from "./login_strategy.ts";

const USER_INFO_TIMEOUT_MS = 10_000;

/**
 * The step from `issued`: asks Feishu whose the pair is, since the answer to a login does not say it. The pair stays
 * where it is whatever Feishu answers; the login fails only when the access token has ended.
 */
export async function identifyUser(step: LoginStep, parts: LoginParts): Promise<StepOutcome> {
  const { login, credentials } = step;
  const { engine: { pairs, feishu, clock }, records, at } = parts;
  const { token } = await pairs.read(loginRef(credentials, login.presented, login.id, at));
  const pair = tokenIn(token.value);
  if (pair === null) {
    // Another process has finished the login, or the store has lost the pair.
    const found = await records.get(login.id);
    if (found.version !== step.version) return "moved";
    return await failLogin(step, { code: "login_outcome_unknown" }, parts);
  }
  const { accessToken } = pair.token;
  const answer = await feishu.userInfo({
    brand: credentials.brand,
    accessToken,
    timeoutMs: USER_INFO_TIMEOUT_MS,
  });
  if (answer.kind === "user") {
    const who = answer.user;
    await records.change(
      login.id,
      (found) =>
        found.phase === "issued" ? { ...found, phase: "identified", who, changedAtMs: clock.now() } : found,
    );
    return "moved";
  }
  const error = errorOf(answer);
  const isGone = error.code === "user_unavailable" || remainingMs(pair.token, clock.now()) <= 0;
  return isGone ? await failLogin(step, error, parts) : error;
}
