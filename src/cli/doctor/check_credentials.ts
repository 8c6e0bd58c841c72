import type { Language, Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { CredentialSource } from "../../ports/credential_source.ts";
import type { Brand } from "../../brand.ts";
import type { FeishuPort } from "../../ports/feishu.ts";
import { APP_LIMITS } from "../../tokens/renewal/limits.ts";
import { errorOf } from "../../tokens/renewal/failure_marks.ts";
import { type Check, fail, ok, skip } from "./check.ts";
import { inBrackets } from "../command_line/in_brackets.ts";

const CREDENTIALS_CHECK = "app credentials";

/** Hosts of the developer consoles. */
const CONSOLES: Readonly<Record<Brand, string>> = {
  feishu: "open.feishu.cn",
  lark: "open.larksuite.com",
};

/** Code by which Feishu says that it knows the app: then the brand is right. */
const WRONG_SECRET_CODE = 10014;

/** Options of {@linkcode checkCredentials}. */
export interface CredentialsOptions {
  /** The configured ones. */
  readonly credentials: CredentialSource;
  /** Client for the hosts that are configured. */
  readonly feishu: FeishuPort;
  /** Whether Feishu answered an earlier check. */
  readonly isReached: boolean;
  /** Whether a base URL or a sandbox replaces the brand's own hosts. */
  readonly isElsewhere: boolean;
}

/** Whether Feishu accepts the app's id and secret. Gets an app token by one call and drops it. */
export async function checkCredentials(options: CredentialsOptions): Promise<Check> {
  const { feishu, isReached, isElsewhere } = options;
  let brand: Brand | undefined;
  try {
    const credentials = options.credentials();
    brand = credentials.brand;
    if (!isReached) return skip(CREDENTIALS_CHECK, { en: "Feishu was not reached", zh: "未能连接飞书" });
    const answer = await feishu.issueAppToken({ credentials, timeoutMs: APP_LIMITS.attemptTimeoutMs });
    if (answer.kind !== "issued") throw errorOf(answer);
    return ok(CREDENTIALS_CHECK, {
      en: "accepted, an app token was issued",
      zh: "已被接受，并签发了应用令牌",
    });
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const advice: Phrase = { en: adviceIn("en", error, brand), zh: adviceIn("zh", error, brand) };
    const mayBeOtherBrand = error.code === "credentials_refused" && !isElsewhere &&
      error.detail.feishuCode !== WRONG_SECRET_CODE;
    if (!mayBeOtherBrand || brand === undefined) return fail(CREDENTIALS_CHECK, foundOf(error), advice);
    const other = brandAdvice(brand);
    return fail(CREDENTIALS_CHECK, foundOf(error), {
      en: `${advice.en} ${other.en}`,
      zh: `${advice.zh}${other.zh}`,
    });
  }
}

function foundOf({ problem, detail }: TokenError): Phrase {
  const facts = inBrackets(detail);
  return { en: `${problem.en}${facts.en}`, zh: `${problem.zh}${facts.zh}` };
}

function adviceIn(language: Language, error: TokenError, brand: Brand | undefined): string {
  return error.report({ language, brand, door: "cli" }).next_step;
}

function brandAdvice(brand: Brand): Phrase {
  const other = brand === "feishu" ? "lark" : "feishu";
  return {
    en: `Feishu was asked as FEISHU_BRAND=${brand}; an app made on ${
      CONSOLES[other]
    } needs FEISHU_BRAND=${other}.`,
    zh: `本次按 FEISHU_BRAND=${brand} 请求；在 ${CONSOLES[other]} 创建的应用须设置 FEISHU_BRAND=${other}。`,
  };
}
