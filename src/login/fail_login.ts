import { tokenIn } from "../ports/record_order.ts";
import { failureOf, isFinal, type LoginFailure } from "./login_record.ts";
import type { LoginParts, LoginStep, StepOutcome } from "./login_parts.ts";
import { loginRef } from "./login_strategy.ts";

/**
 * Ends a login that has brought a pair and keeps none. The pair is revoked at Feishu where that can harm no other
 * login, and destroyed by the next step.
 */
export async function failLogin(
  step: LoginStep,
  { code, detail = {} }: {
    readonly code: LoginFailure["code"];
    readonly detail?: Omit<LoginFailure, "code">;
  },
  { records, engine: { clock, pairs }, revocations, at }: LoginParts,
): Promise<StepOutcome> {
  const { login, credentials, call } = step;
  const failure = failureOf({ code, detail });
  const failed = await records.change(
    login.id,
    (found) => isFinal(found) ? found : { ...found, phase: "failed", failure, changedAtMs: clock.now() },
  );
  if (failed?.failure?.code !== code || login.who === undefined) return "moved";
  const { token } = await pairs.read(loginRef(credentials, login.presented, login.id, at));
  const pair = tokenIn(token.value);
  if (pair !== null) {
    const upstream = await revocations.revoke({
      credentials,
      user: login.who.openId,
      token: pair.token,
      except: login.id,
      log: call.log,
    });
    call.log.info("login refused", { error_code: code, upstream });
  }
  return "moved";
}
