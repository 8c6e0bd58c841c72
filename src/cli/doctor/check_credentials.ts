import { TokenError } from "../../errors/token_error.ts";
import type { CredentialSource } from "../../ports/credential_source.ts";
import type { AppCredentials, FeishuPort } from "../../ports/feishu.ts";
import { APP_LIMITS } from "../../tokens/constants.ts";
import { errorOf } from "../../tokens/verdicts.ts";
import { type Check, fail, ok, skip } from "./check.ts";
import { spoken } from "../token_failure.ts";

const NAME = "app credentials";

/** Where the two brands' apps are made. */
const CONSOLES: Readonly<Record<AppCredentials["brand"], string>> = {
  feishu: "open.feishu.cn",
  lark: "open.larksuite.com",
};

/** What {@linkcode checkCredentials} needs. */
export interface CredentialsOptions {
  /** Finds the configured ones, or says what is missing. */
  readonly credentials: CredentialSource;
  /** The brand's own hosts, unless a base URL stands in for them. */
  readonly feishu: FeishuPort;
  /** Whether Feishu answers at all. */
  readonly isReached: boolean;
  /** Whether a base URL or a sandbox stands in for the brand's own hosts. */
  readonly isElsewhere: boolean;
}

/** Whether Feishu accepts the app's id and secret: one call for an app token, which is thrown away. */
export async function checkCredentials(options: CredentialsOptions): Promise<Check> {
  const { feishu, isReached, isElsewhere } = options;
  let brand: AppCredentials["brand"] | undefined;
  try {
    const credentials = options.credentials();
    brand = credentials.brand;
    if (!isReached) return skip(NAME, "Feishu was not reached");
    const answer = await feishu.issueAppToken({ credentials, timeoutMs: APP_LIMITS.attemptTimeoutMs });
    if (answer.kind !== "issued") throw errorOf(answer);
    return ok(NAME, "accepted, an app token was issued");
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const { message, next_step, retry_after_seconds, feishu_code, feishu_log_id } = error.report({
      language: "en",
      brand,
    });
    const facts = [
      ...(feishu_code === undefined ? [] : [`code ${feishu_code}`]),
      ...(feishu_log_id === undefined ? [] : [`log id ${feishu_log_id}`]),
    ];
    const found = facts.length === 0 ? message : `${message} (${facts.join(", ")})`;
    const mayBeOtherBrand = error.code === "credentials_refused" && !isElsewhere;
    const advice = spoken(next_step, retry_after_seconds);
    return fail(
      NAME,
      found,
      mayBeOtherBrand && brand !== undefined ? `${advice} ${brandAdvice(brand)}` : advice,
    );
  }
}

function brandAdvice(brand: AppCredentials["brand"]): string {
  const other = brand === "feishu" ? "lark" : "feishu";
  return `It was asked as FEISHU_BRAND=${brand}; an app made on ${
    CONSOLES[other]
  } needs FEISHU_BRAND=${other}.`;
}
