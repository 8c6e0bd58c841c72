import { TokenError } from "../errors/token_error.ts";
import { tokenIn } from "../ports/record_order.ts";
import { markOf, refreshEndsAtMs } from "../tokens/grants/grant_view.ts";
import { finishLogin } from "./finish_login.ts";
import type { LoginParts, LoginStep, StepOutcome } from "./login_parts.ts";

/** Feishu's code where the console's switch for refreshing user_access_token is off. */
const REFRESHING_IS_OFF = 20074;

/**
 * The step from `narrower`, once somebody has chosen or the time to choose is over. The kept grant stays only if Feishu
 * renews it for a presentation that begins in this step: a new login may have ended the earlier one at Feishu, and a pair
 * that was stored since may be of a presentation before that. Where it cannot be renewed any more, the new pair takes its
 * place.
 */
export async function settleNarrower(step: LoginStep, parts: LoginParts): Promise<StepOutcome> {
  const { login, credentials, call } = step;
  const { engine: { pairs, clock, flights }, kept, grantTokens } = parts;
  const { who, narrower } = login;
  if (who === undefined || narrower === undefined) throw new TypeError("A login that is parked has nobody");
  if (login.replace) return await replace(step, parts);
  if (clock.now() < narrower.decideByMs) return "waits";
  const ref = kept.refFor(login.owner, credentials, who.openId);
  const { token, status } = await pairs.read(ref);
  const stored = tokenIn(token.value);
  if (stored === null || markOf(stored, status.value) !== null || refreshEndsAtMs(stored) <= clock.now()) {
    return await replace(step, parts);
  }
  // A renewal of this process may have presented its token before Feishu issued the new pair.
  if (flights.inProgress(ref.key)) return "waits";
  try {
    const { asked } = await grantTokens.renew(ref, credentials, call, ({ fp }) => fp !== stored.fp);
    return asked ? await finishLogin(step, ref, parts, "login_narrower_dropped") : "moved";
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const now = await pairs.read(ref);
    // Where the app's switch for refreshing is off, neither login can be renewed: the later one lives for longer.
    if (error.detail.feishuCode === REFRESHING_IS_OFF) return await replace(step, parts);
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
