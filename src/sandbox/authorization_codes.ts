import type { SandboxUser } from "./sandbox_user.ts";
import { CODE_LIFE_MS } from "./token_lifetimes.ts";

/** What a user has allowed an app. */
export interface Authorization {
  /** Who has allowed it, as the app sees him. */
  readonly user: SandboxUser;
  /** Space-separated. */
  readonly scope: string;
  /** Unix milliseconds. */
  readonly atMs: number;
}

/** Why a code is worth nothing. */
export type CodeRefusal = "code_unknown" | "code_foreign" | "code_expired" | "code_used";

/** What an authorization code is bound to. */
export interface CodeBinding {
  /** Where the browser was sent back to. */
  readonly redirectUri?: string;
  /** `code_challenge` of the page. */
  readonly challenge?: string;
  /** Whether the challenge is the SHA-256 of the verifier; else the verifier itself. */
  readonly isHashed?: boolean;
}

interface StoredCode {
  readonly authorization: Authorization;
  readonly binding: CodeBinding;
  used: boolean;
}

/** Authorization codes: single use, five minutes. Any generation of endpoint takes them. */
export class AuthorizationCodes {
  readonly #byCode = new Map<string, StoredCode>();

  /** Remembers that `code` stands for `authorization`. */
  add(code: string, authorization: Authorization, binding: CodeBinding = {}): void {
    this.#byCode.set(code, { authorization, binding, used: false });
  }

  /** What the code is bound to, and what it stands for, used or not. */
  find(code: string): { readonly authorization: Authorization; readonly binding: CodeBinding } | undefined {
    return this.#byCode.get(code);
  }

  /** What the code stands for, if `appId` may redeem it at `nowMs`. Changes nothing. */
  inspect(code: string, appId: string, nowMs: number): Authorization | CodeRefusal {
    const stored = this.#byCode.get(code);
    if (stored === undefined) return "code_unknown";
    if (stored.authorization.user.appId !== appId) return "code_foreign";
    if (stored.used) return "code_used";
    if (nowMs >= stored.authorization.atMs + CODE_LIFE_MS) return "code_expired";
    return stored.authorization;
  }

  /** {@linkcode AuthorizationCodes.inspect}, and uses the code up. */
  spend(code: string, appId: string, nowMs: number): Authorization | CodeRefusal {
    const outcome = this.inspect(code, appId, nowMs);
    const stored = this.#byCode.get(code);
    if (typeof outcome === "object" && stored !== undefined) stored.used = true;
    return outcome;
  }

  /** Forgets them all. */
  clear(): void {
    this.#byCode.clear();
  }
}
