import type { SandboxUser } from "./sandbox_user.ts";
import { CODE_LIFE_MS } from "./token_lifetimes.ts";

/** A user's authorization of an app. */
export interface Authorization {
  /** As the app sees the user. */
  readonly user: SandboxUser;
  /** Space-separated. */
  readonly scope: string;
  /** Unix milliseconds. */
  readonly atMs: number;
}

/** Why a code is refused. */
export type CodeRefusal = "code_unknown" | "code_foreign" | "code_expired" | "code_used";

interface StoredCode {
  readonly authorization: Authorization;
  used: boolean;
}

/** Authorization codes: for one use within five minutes, at the endpoints of any generation. */
export class AuthorizationCodes {
  readonly #byCode = new Map<string, StoredCode>();

  /** Adds the code of an authorization. */
  add(code: string, authorization: Authorization): void {
    this.#byCode.set(code, { authorization, used: false });
  }

  /** The authorization of the code, if `appId` may redeem it at `nowMs`. Changes nothing. */
  inspect(code: string, appId: string, nowMs: number): Authorization | CodeRefusal {
    const stored = this.#byCode.get(code);
    if (stored === undefined) return "code_unknown";
    if (stored.authorization.user.appId !== appId) return "code_foreign";
    if (stored.used) return "code_used";
    if (nowMs >= stored.authorization.atMs + CODE_LIFE_MS) return "code_expired";
    return stored.authorization;
  }

  /** Does {@linkcode AuthorizationCodes.inspect} and spends the code. */
  spend(code: string, appId: string, nowMs: number): Authorization | CodeRefusal {
    const outcome = this.inspect(code, appId, nowMs);
    const stored = this.#byCode.get(code);
    if (typeof outcome === "object" && stored !== undefined) stored.used = true;
    return outcome;
  }

  /** Removes all codes. */
  clear(): void {
    this.#byCode.clear();
  }
}
