import type { AccessToken, AccessTokens } from "./access_tokens.ts";
import { APP_TOKEN_LIFE_MS, APP_TOKEN_REUSE_MS } from "./token_lifetimes.ts";
import type { TokenMint } from "./token_mint.ts";

/**
 * The app token of each custom app, which is its tenant token too.
 *
 * While 30 minutes or more of it remain, the same token is issued again; after that a new one is made, and both live
 * until they expire. A revoked token is never issued again.
 */
export class AppTokens {
  readonly #mint: TokenMint;
  readonly #accessTokens: AccessTokens;
  readonly #newest = new Map<string, AccessToken>();

  /** Adds each new token to `accessTokens`. */
  constructor(mint: TokenMint, accessTokens: AccessTokens) {
    this.#mint = mint;
    this.#accessTokens = accessTokens;
  }

  /** The app's token at `nowMs`, new or issued before. */
  issue(appId: string, nowMs: number): AccessToken {
    const newest = this.#newest.get(appId);
    if (newest !== undefined && this.#isReusable(newest, nowMs)) return newest;
    const token: AccessToken = {
      token: this.#mint.tenantToken(),
      kind: "tenant",
      appId,
      expiresAtMs: nowMs + APP_TOKEN_LIFE_MS,
    };
    this.#newest.set(appId, token);
    this.#accessTokens.add(token);
    return token;
  }

  #isReusable({ token, expiresAtMs }: AccessToken, nowMs: number): boolean {
    return expiresAtMs - nowMs >= APP_TOKEN_REUSE_MS && this.#accessTokens.find(token) !== undefined;
  }

  /** Makes new tokens from now on. */
  clear(): void {
    this.#newest.clear();
  }
}
