import type { Platform } from "../../platform.ts";
import type { Log } from "../../ports/log.ts";
import { errorClass } from "../../errors/error_class.ts";

/** Name of the person who agrees. */
const PERSON = "Ada";

/** A person on a simulated Feishu who agrees to whatever is shown, so that the setup ends by itself. */
export interface SimulatedPerson {
  /** Makes the app of a registration. */
  makeApp(userCode: string): void;
  /** Agrees to a login. */
  logIn(userCode: string): void;
}

/** The person on the sandbox at `url`. Nobody waits for them: what they do is seen by the next poll. */
export function simulatedPerson(
  url: string,
  { fetch: send }: Pick<Platform, "fetch">,
  log: Log,
): SimulatedPerson {
  const decide = (call: "register" | "device", userCode: string): void => {
    const body = JSON.stringify({ user_code: userCode, action: "approve", user: PERSON });
    send(`${url}/_sandbox/${call}`, { method: "POST", body })
      .then((answer) => answer.body?.cancel())
      .catch((error: unknown) => log.warn("nobody agreed on the sandbox", { error: errorClass(error) }));
  };
  return {
    makeApp: (userCode) => decide("register", userCode),
    logIn: (userCode) => decide("device", userCode),
  };
}
