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

/** What the redemption of an authorization code must match. */
export interface CodeBinding {
  /** To which the browser was sent back. */
  readonly redirectUri?: string;
  /** `code_challenge` of the page. */
  readonly challenge?: string;
  /** Whether the challenge is the SHA-256 of the verifier; else it is the verifier itself. */
  readonly isHashed?: boolean;
}

interface StoredCode {
  readonly authorization: Authorization;
  readonly binding: CodeBinding;
  used: boolean;
}

/** Authorization codes: for one use within five minutes, at the endpoints of any generation. */
export class AuthorizationCodes {
  readonly #byCode = new Map<string, StoredCode>();

  /** Adds the code of an authorization. */
  add(code: string, authorization: Authorization, binding: CodeBinding = {}): void {
    this.#byCode.set(code, { authorization, binding, used: false });
  }

  /** The authorization and the binding of the code, used or not. */
  find(code: string): { readonly authorization: Authorization; readonly binding: CodeBinding } | undefined {
    return this.#byCode.get(code);
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
