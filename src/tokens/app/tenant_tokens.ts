import type { AppCredentials } from "../../ports/feishu.ts";
import type { TokenRecord } from "../../ports/store.ts";
import type { AppTokenResult, CallContext } from "../../ports/tokens.ts";
import type { Secret } from "../../secret.ts";
import { AppTokens, type AppTokensOptions, type ReplacedAppToken } from "./app_tokens.ts";

/**
 * Tenant tokens of custom apps: records of their own, renewed as app tokens are. What proves a secret is the app's own
 * record, so that a secret that was reset since opens none of the two.
 */
export class TenantTokens {
  readonly #appTokens: AppTokens;
  readonly #tokens: AppTokens;

  /** For one process. */
  constructor(options: TenantTokensOptions, appTokens: AppTokens) {
    this.#appTokens = appTokens;
    this.#tokens = new AppTokens({
      ...options,
      kind: "tenant",
      isRefuted: (credentials, secretFp) => appTokens.remembersAnotherSecret(credentials, secretFp),
    });
  }

  /** As {@linkcode AppTokens.held}. */
  held(credentials: AppCredentials, minTtlMs: number, call: CallContext): AppTokenResult | null {
    return this.#tokens.held(credentials, minTtlMs, call);
  }

  /**
   * As {@linkcode AppTokens.get}.
   *
   * @throws TokenError also Feishu's refusal of a secret that the app's own record speaks against.
   */
  async get(credentials: AppCredentials, minTtlMs: number, call: CallContext): Promise<AppTokenResult> {
    await this.#appTokens.disprove(credentials, call);
    return await this.#tokens.get(credentials, minTtlMs, call);
  }

  /**
   * What is kept of the tenant, if it was got with the secret in `credentials`, which still has to be proven. `null` also
   * where the store is away and nothing is remembered.
   */
  known(credentials: AppCredentials): Promise<TokenRecord | null> {
    return this.#tokens.known(credentials);
  }

  /** As {@linkcode AppTokens.replace}, for a secret that is proven. */
  replace(credentials: AppCredentials, rejected: Secret, call: CallContext): Promise<ReplacedAppToken> {
    return this.#tokens.replace(credentials, rejected, call);
  }
}

/** What {@linkcode TenantTokens} needs beside the app's own tokens. */
export type TenantTokensOptions = Omit<AppTokensOptions, "kind" | "isRefuted">;
