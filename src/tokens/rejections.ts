import { TokenError } from "../errors/token_error.ts";
import type { ApiRefusals, AppCredentials } from "../ports/feishu.ts";
import type { Fingerprints } from "../ports/store.ts";
import type { CallContext, RejectedToken, ReplacementToken } from "../ports/tokens.ts";
import type { Secret } from "../secret.ts";
import { type AppTokens, isOf } from "./app_tokens.ts";
import type { UserTokens } from "./user_tokens.ts";

/** What {@linkcode Rejections} needs. */
export interface RejectionsOptions {
  /** Replaces app tokens. */
  readonly appTokens: AppTokens;
  /** Replaces user tokens. */
  readonly userTokens: UserTokens;
  /** Compares tokens without showing them. */
  readonly fingerprints: Fingerprints;
  /** Knows the codes that say nothing against a token. */
  readonly findApiRefusal: ApiRefusals;
}

/** Reports that one of Feishu's APIs refused a token before its time was up. */
export class Rejections {
  readonly #options: RejectionsOptions;

  /** On the two kinds of token. */
  constructor(options: RejectionsOptions) {
    this.#options = options;
  }

  /**
   * What to use instead of `rejected`.
   *
   * | reported                                            | Feishu is                     | answer                           |
   * | --------------------------------------------------- | ----------------------------- | -------------------------------- |
   * | with a code that says nothing against the token     | not asked                     | `token_not_at_fault`             |
   * | with a secret that is not the app's                 | asked about the secret        | its refusal, whatever the token  |
   * | an app token, and it is the current one             | asked once for all reporters  | the new token                    |
   * | the same, and Feishu hands out the very same        | asked once                    | the same token, `isSame`         |
   * | the same, less than a minute after that             | not asked                     | the same token, `isSame`         |
   * | an app token before the current one                 | not asked                     | the current token                |
   * | any other token alone: a user's, another app's, none | not asked                    | `token_unknown`, always the same |
   * | the newest user token, issued less than a minute ago | not asked                    | the same pair, `isSame`          |
   * | a user token with a refresh token that is unspent   | that is presented, once       | the new pair                     |
   * | with a spent one, and the token is the newest       | its newest successor is, once | the new pair                     |
   * | the same, and the newest pair has no refresh token  | not asked                     | `refresh_token_expired`          |
   * | with a spent one, and the token is any other        | not asked                     | the newest pair                  |
   * | an app token with a refresh token                   | not asked                     | `input_invalid`                  |
   *
   * How old a user's pair is tells the record in the store that holds it: with a spent refresh token the newest of the
   * chain. With an unspent one that is known where a report has brought it, which notes it.
   *
   * Of a user token only the refresh token proves anything: nobody can tell whose an access token was that the newest
   * pair does not hold. A renewal that fails is an error here, never the rejected token with a warning.
   *
   * @throws TokenError as above, or why there is no other token. Nothing kept is lost by it.
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
      ? await this.#replaceAppToken(credentials, accessToken, call)
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
    rejected: Secret,
    call: CallContext,
  ): Promise<ReplacementToken> {
    const { appTokens, fingerprints } = this.#options;
    // The secret first: without it nobody learns which tokens there are.
    const current = await appTokens.current(credentials, call);
    if (!isOf(current, await fingerprints.ofToken(credentials, rejected))) {
      throw new TokenError("token_unknown");
    }
    const replaced = await appTokens.replace(credentials, rejected, call);
    const isSame = replaced.accessToken.reveal() === rejected.reveal();
    return { kind: "app", tokenType: "Bearer", isSame, ...warningOf(isSame), ...replaced };
  }

  async #replaceUserToken(
    credentials: AppCredentials,
    rejected: Secret,
    refreshToken: Secret,
    call: CallContext,
  ): Promise<ReplacementToken> {
    const { appTokens, userTokens, fingerprints } = this.#options;
    const kept = await appTokens.kept(credentials);
    if (kept !== null && isOf(kept, await fingerprints.ofToken(credentials, rejected))) throw notOfUser();
    const { replayed, ...pair } = await userTokens.refresh(credentials, refreshToken, call, rejected);
    const isSame = pair.accessToken.reveal() === rejected.reveal();
    return { kind: "user", isRenewed: !replayed, isSame, ...warningOf(isSame), ...pair };
  }
}

function warningOf(isSame: boolean): Pick<ReplacementToken, "warning"> {
  return isSame ? { warning: new TokenError("same_token_returned") } : {};
}

function notOfUser(): TokenError {
  return new TokenError("input_invalid", {
    detail: {
      en: "the token is the app's own, and a refresh_token came with it",
      zh: "该令牌是应用自己的，却同时传入了 refresh_token",
    },
    nextStep: {
      en: "Report an app token alone, or a user's access token with the refresh_token that came with it.",
      zh: "上报应用令牌时只传 token；上报用户 access_token 时请同时传入与它一起签发的 refresh_token。",
    },
  });
}
