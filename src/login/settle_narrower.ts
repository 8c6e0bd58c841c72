import { TokenError } from "../errors/token_error.ts";
import { tokenIn } from "../ports/record_order.ts";
import { markOf, refreshEndsAtMs } from "../tokens/grants/grant_view.ts";
import { finishLogin } from "./finish_login.ts";
import type { LoginParts, LoginStep, StepOutcome } from "./login_parts.ts";

/**
 * The step from `narrower`, once somebody has chosen or the time to choose is over. The kept grant stays only if it was
 * renewed after Feishu issued the new pair: a new login may have ended the earlier one at Feishu. Where it cannot be
 * renewed any more, the new pair takes its place.
 */
export async function settleNarrower(step: LoginStep, parts: LoginParts): Promise<StepOutcome> {
  const { login, credentials, call } = step;
  const { engine: { pairs, clock }, kept, grantTokens } = parts;
  const { who, narrower, issuedAtMs = 0 } = login;
  if (who === undefined || narrower === undefined) throw new TypeError("A login that is parked has nobody");
  if (login.replace) return await replace(step, parts);
  if (clock.now() < narrower.decideByMs) return "waits";
  const ref = kept.refFor(login.owner, credentials, who.openId);
  const { token, status } = await pairs.read(ref);
  const stored = tokenIn(token.value);
  if (stored === null || markOf(stored, status.value) !== null || refreshEndsAtMs(stored) <= clock.now()) {
    return await replace(step, parts);
  }
  const isProven = stored.token.expiresAtMs - stored.token.lifetimeMs > issuedAtMs;
  if (isProven) return await finishLogin(step, ref, parts, "login_narrower_dropped");
  try {
    await grantTokens.renew(ref, credentials, call, ({ fp }) => fp !== stored.fp);
    return "moved";
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const now = await pairs.read(ref);
    const isMarked = markOf(stored, now.status.value) !== null;
    return isMarked || now.token.version !== token.version ? "moved" : error;
  }
}

async function replace(
  { login }: LoginStep,
  { records, engine: { clock } }: LoginParts,
): Promise<StepOutcome> {
  await records.change(
    login.id,
    (found) =>
      found.phase === "narrower"
        ? { ...found, phase: "identified", replace: true, changedAtMs: clock.now() }
        : found,
  );
  return "moved";
}
