import { tokenIn } from "../ports/record_order.ts";
import type { ErrorCode } from "../errors/error_table.ts";
import { keptLoginOf } from "../tokens/grants/grant_view.ts";
import { COMMIT_DEADLINE_MS } from "../tokens/renewal/limits.ts";
import type { RecordRef } from "../tokens/renewal/record_ref.ts";
import { failLogin } from "./fail_login.ts";
import type { LoginParts, LoginStep, StepOutcome } from "./login_parts.ts";
import { type DoneLogin, isFinal } from "./login_record.ts";
import { scopesIn } from "./scopes_in.ts";

/**
 * The step to `done`, once the grant was seen in the store: the login's outcome is what the grant is now.
 *
 * @param warning what needs attention besides.
 */
export async function finishLogin(
  step: LoginStep,
  ref: RecordRef,
  parts: LoginParts,
  warning?: ErrorCode,
): Promise<StepOutcome> {
  const { login, call } = step;
  const { engine: { pairs, store, clock }, records, index, isLasting } = parts;
  const { token, status, isUnstored } = await pairs.read(ref);
  const stored = tokenIn(token.value);
  if (stored === null) return await failLogin(step, { code: "login_ended" }, parts);
  if (isUnstored) return "waits";
  const missing = await index.missing(ref, stored);
  if (missing !== null) {
    const check = { token: token.version };
    const deadlineMs = COMMIT_DEADLINE_MS;
    await store.write(ref.name, { check, set: {}, also: missing, deadlineMs });
    return "moved";
  }
  const { problem: _problem, ...kept } = keptLoginOf(ref.name, stored, status.value, clock.now());
  const granted = new Set(scopesIn(kept.scope));
  const needsAttention = warning ??
    (!kept.renewable ? "login_not_renewable" : isLasting ? undefined : "login_in_memory");
  const outcome: DoneLogin = {
    login: kept,
    missing: login.asked.filter((scope) => !granted.has(scope)),
    ...(needsAttention === undefined ? {} : { warning: needsAttention }),
  };
  const done = await records.change(
    login.id,
    (found) => isFinal(found) ? found : { ...found, phase: "done", outcome, changedAtMs: clock.now() },
  );
  if (done?.phase === "done") {
    call.log.info("login done", {
      flow: login.flow,
      renewable: kept.renewable,
      missing_scopes: outcome.missing.length,
    });
  }
  return "moved";
}
