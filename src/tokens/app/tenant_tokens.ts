import type { AppCredentials } from "../../ports/feishu.ts";
import type { TokenRecord } from "../../ports/store.ts";
import type { AppTokenResult, CallContext } from "../../ports/tokens.ts";
import type { Secret } from "../../secret.ts";
import { AppTokens, type AppTokensOptions, type ReplacedAppToken } from "./app_tokens.ts";

/**
 * Serves the tenant tokens of custom apps. They have records of their own, which are renewed like app tokens. The app's own
 * record proves the secret (promise 6), so that an old secret opens neither record after a reset.
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
   * @throws TokenError also Feishu's refusal of the secret, which it is asked about if the app's record has another one.
   */
  async get(credentials: AppCredentials, minTtlMs: number, call: CallContext): Promise<AppTokenResult> {
    await this.#appTokens.disprove(credentials, call);
    return await this.#tokens.get(credentials, minTtlMs, call);
  }

  /**
   * The tenant's record, if it was got with the secret in `credentials`, which still has to be proven. `null` also where the
   * store is away and memory has no record.
   */
  known(credentials: AppCredentials): Promise<TokenRecord | null> {
    return this.#tokens.known(credentials);
  }

  /** As {@linkcode AppTokens.replace}, for a secret that is proven. */
  replace(credentials: AppCredentials, rejected: Secret, call: CallContext): Promise<ReplacedAppToken> {
    return this.#tokens.replace(credentials, rejected, call);
  }
}

/** What {@linkcode TenantTokens} needs in addition to the app's own tokens. */
export type TenantTokensOptions = Omit<AppTokensOptions, "kind" | "isRefuted">;
