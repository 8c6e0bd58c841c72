import { TokenError } from "../errors/token_error.ts";
import type { ApiRefusals, AppCredentials } from "../ports/feishu.ts";
import type { Fingerprints, TokenRecord } from "../ports/store.ts";
import type { CallContext, RejectedToken, ReplacementToken } from "../ports/tokens.ts";
import type { Secret } from "../secret.ts";
import type { AppTokenKind } from "./app/app_token_strategy.ts";
import { type AppTokens, isOf, type ReplacedAppToken } from "./app/app_tokens.ts";
import type { TenantTokens } from "./app/tenant_tokens.ts";
import type { UserTokens } from "./user/user_tokens.ts";

/** Replaces tokens that one of Feishu's APIs refused before their expiry. */
export class Rejections {
  readonly #options: RejectionsOptions;

  /** For all kinds of token. */
  constructor(options: RejectionsOptions) {
    this.#options = options;
  }

  /**
   * Finds what to use instead of `rejected`. "App token" stands for app and tenant tokens.
   *
   * | reported                                            | Feishu is                     | answer                           |
   * | --------------------------------------------------- | ----------------------------- | -------------------------------- |
   * | with a code that says nothing against the token     | not asked                     | `token_not_at_fault`             |
   * | with a secret that is not the app's                 | asked about the secret        | its refusal, whatever the token  |
   * | an app token, and it is the current one             | asked once for all reporters  | the new token                    |
   * | the same, and Feishu returns the same token         | asked once                    | the same token, `isSame`         |
   * | the same, less than a minute after that             | not asked                     | the same token, `isSame`         |
   * | an app token before the current one                 | not asked                     | the current token                |
   * | a token that is the app's and the tenant's as well  | asked once for each           | that of the kind the code names  |
   * | a user token of a kept login of the caller, alone   | asked once a minute           | the login's newest token         |
   * | any other token alone: a user's, another app's, none | not asked                    | `token_unknown`, always the same |
   * | the newest user token, issued less than a minute ago | not asked                    | the same pair, `isSame`          |
   * | a user token with a refresh token that is unspent   | that is presented, once       | the new pair                     |
   * | with a spent one, and the token is the newest       | its newest successor is, once | the new pair                     |
   * | the same, and the newest pair has no refresh token  | not asked                     | `refresh_token_expired`          |
   * | with a spent one, and the token is any other        | not asked                     | the newest pair                  |
   * | an app token with a refresh token                   | not asked                     | `input_invalid`                  |
   *
   * The age of a user's pair is known from the record that holds it. With a spent refresh token that is the newest record of
   * the chain. With an unspent one it is known only if a report has brought the pair, because reports note it.
   *
   * Of a user's token only the refresh token proves anything: an access token that the newest pair does not hold cannot be
   * traced to its owner. A renewal that fails is an error here, never the rejected token with a warning.
   *
   * @throws TokenError as above, or why there is no other token. Stored tokens stay stored (promise 4).
   */
  async report(
    credentials: AppCredentials,
    rejected: RejectedToken,
    call: CallContext,
  ): Promise<ReplacementToken> {
    const { accessToken, refreshToken, feishuCode } = rejected;
    const refusal = feishuCode === undefined ? undefined : this.#options.findApiRefusal(feishuCode);
    if (refusal !== undefined) {
      const { code, meaning, nextStep } = refusal;
      throw new TokenError("token_not_at_fault", { feishuCode: code, detail: meaning, nextStep });
    }
    const replacement = refreshToken === undefined
      ? await this.#replaceAppToken(credentials, rejected, call)
      : await this.#replaceUserToken(credentials, accessToken, refreshToken, call);
    call.log.info("token reported as rejected", {
      kind: replacement.kind,
      feishu_code: feishuCode,
      renewed: replacement.isRenewed,
      same_token_returned: replacement.isSame,
    });
    return replacement;
  }

  async #replaceAppToken(
    credentials: AppCredentials,
    report: RejectedToken,
    call: CallContext,
  ): Promise<ReplacementToken> {
    const { accessToken: rejected, feishuCode } = report;
    const { appTokens, tenantTokens, fingerprints, replaceKept } = this.#options;
    // Promise 6: prove the secret first. Without it a caller must not learn which tokens exist.
    const tenant = await tenantTokens.known(credentials);
    const app = await this.#proven(credentials, tenant, call);
    const fp = await fingerprints.ofToken(credentials, rejected);
    const ofApp = app !== null && isOf(app, fp);
    const ofTenant = tenant !== null && isOf(tenant, fp);
    if (!ofApp && !ofTenant) {
      const kept = await replaceKept?.(credentials, report, call) ?? null;
      if (kept === null) throw new TokenError("token_unknown");
      return kept;
    }
    const kind: AppTokenKind = ofTenant && (!ofApp || isAboutTenants(feishuCode)) ? "tenant" : "app";
    // Feishu may issue one token as both kinds. Then the other record must not serve it any longer either.
    const [own, other] = kind === "app" ? [appTokens, tenantTokens] : [tenantTokens, appTokens];
    const [replaced] = await Promise.all([
      own.replace(credentials, rejected, call),
      ofApp && ofTenant ? unlessItFails(other.replace(credentials, rejected, call), call) : undefined,
    ]);
    const isSame = replaced.accessToken.reveal() === rejected.reveal();
    return { kind, tokenType: "Bearer", isSame, ...warningOf(isSame), ...replaced };
  }

  /** The app's record, for a caller with the app's secret; `null` where only the tenant's record proves the secret. */
  async #proven(
    credentials: AppCredentials,
    tenant: TokenRecord | null,
    call: CallContext,
  ): Promise<TokenRecord | null> {
    const { appTokens } = this.#options;
    if (tenant === null) return await appTokens.current(credentials, call);
    await appTokens.prove(credentials, tenant.secretFp, call);
    return await appTokens.known(credentials);
  }

  async #replaceUserToken(
    credentials: AppCredentials,
    rejected: Secret,
    refreshToken: Secret,
    call: CallContext,
  ): Promise<ReplacementToken> {
    const { appTokens, tenantTokens, userTokens, fingerprints } = this.#options;
    const kept = [await appTokens.known(credentials), await tenantTokens.known(credentials)];
    const fp = await fingerprints.ofToken(credentials, rejected);
    if (kept.some((record) => record !== null && isOf(record, fp))) throw notOfUser();
    const { replayed, ...pair } = await userTokens.refresh(credentials, refreshToken, call, rejected);
    const isSame = pair.accessToken.reveal() === rejected.reveal();
    return { kind: "user", isRenewed: !replayed, isSame, ...warningOf(isSame), ...pair };
  }
}

/** What {@linkcode Rejections} needs. */
export interface RejectionsOptions {
  /** Replaces app tokens. */
  readonly appTokens: AppTokens;
  /** Replaces tenant tokens. */
  readonly tenantTokens: TenantTokens;
  /** Replaces user tokens. */
  readonly userTokens: UserTokens;
  /** Compares tokens without showing them. */
  readonly fingerprints: Fingerprints;
  /** Finds the codes that say nothing against a token. */
  readonly findApiRefusal: ApiRefusals;
  /** Replaces user tokens of kept logins; absent where there are none. */
  readonly replaceKept?: ReplaceKept | undefined;
}

/**
 * Replaces a user token that a kept login of the caller has handed out; `null` where it is none.
 *
 * @throws TokenError why there is no other token.
 */
export type ReplaceKept = (
  credentials: AppCredentials,
  rejected: RejectedToken,
  call: CallContext,
) => Promise<ReplacementToken | null>;

/** Codes about a tenant token, whatever kind the reported token is. */
const TENANT_CODES: ReadonlySet<number> = new Set([99991663, 99991665, 20013]);

function isAboutTenants(feishuCode: number | undefined): boolean {
  return feishuCode !== undefined && TENANT_CODES.has(feishuCode);
}

/** Ignores a failure: the record of the other kind is renewed when a caller needs it. */
async function unlessItFails(
  replacing: Promise<ReplacedAppToken>,
  call: CallContext,
): Promise<void> {
  try {
    await replacing;
  } catch (error) {
    call.log.warn("the same token is kept as the other kind too, and was not replaced there", {
      error: String(error),
    });
  }
}

function warningOf(isSame: boolean): Pick<ReplacementToken, "warning"> {
  return isSame ? { warning: new TokenError("same_token_returned") } : {};
}

function notOfUser(): TokenError {
  return new TokenError("input_invalid", {
    detail: {
      en: "the token is an app or tenant token, and a refresh_token came with it",
      zh: "该令牌是应用令牌或租户令牌，却同时传入了 refresh_token",
    },
    nextStep: {
      en:
        "Report an app or tenant token alone, or a user's access token with the refresh_token that came with it.",
      zh:
        "上报应用令牌或租户令牌时只传 token；上报用户 access_token 时请同时传入与它一起签发的 refresh_token。",
    },
  });
}
