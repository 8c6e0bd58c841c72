import { defined } from "../defined.ts";
import type { Phrase } from "../errors/language.ts";
import type { FailedCall, Refusal } from "../ports/feishu.ts";
import type { AnswerBody } from "./answer_body.ts";
import { type EndpointFamily, findCode, findOAuthError, type OAuthErrorRow } from "./code_table.ts";
import { readCode, readFields, readText } from "./lenient_fields.ts";
import { readChallengeUrl } from "./read_challenge_url.ts";
import { readLogId } from "./read_log_id.ts";
import { readRetryAfterMs } from "./read_retry_after_ms.ts";
import type { WireAnswer } from "./wire.ts";

/** The meaning of a refusal. */
type Judgement = Pick<Refusal, "verdict" | "mayHaveConsumed" | "errorCode">;

const RATE_LIMITED: Judgement = {
  verdict: "transient",
  mayHaveConsumed: false,
  errorCode: "rate_limited",
};
const SERVER_ERROR: Judgement = {
  verdict: "transient",
  mayHaveConsumed: true,
  errorCode: "feishu_unavailable",
};
// Neither `permanent` nor `ambiguous`: both mark a login as lost, and an unknown code proves nothing.
const UNKNOWN_CODE: Judgement = {
  verdict: "transient",
  mayHaveConsumed: true,
  errorCode: "feishu_refused",
};
const CUT_ZH: Readonly<Record<NonNullable<WireAnswer["cut"]>, string>> = {
  "connection lost": "连接断开",
  "timed out": "超时",
  "too large": "响应过大",
};
// Feishu answers an unknown path in plain text. The token was not examined: the base URL is wrong.
const NO_SUCH_PATH: Judgement = {
  verdict: "config",
  mayHaveConsumed: false,
  errorCode: "feishu_unavailable",
};

// A brand may have only one of the two paths of the code exchange: Lark documents only one. The other takes the code.
const NO_SUCH_CODE_PATH: Judgement = { ...NO_SUCH_PATH, verdict: "wrong_endpoint" };
/**
 * Families whose errors are read in an answer with status 200 too. Feishu's own client expects them there from
 * revocations. A poll that is told to wait must not be read as one whose outcome is unknown.
 */
const ERRORS_WITH_200: ReadonlySet<EndpointFamily> = new Set(["device", "revoke"]);
/** Families that spend the presented token or code when they accept it. The others consume nothing. */
const SPENDING: ReadonlySet<EndpointFamily> = new Set(["legacy", "oauth", "device", "code"]);

/**
 * Reads an answer without the token, or without the other result that was asked for, by the first rule that applies:
 *
 * 1. 3xx is unreadable.
 * 2. 429 is a rate limit, whatever the body says.
 * 3. A known code means what the table says; with status 400 or 401 so does a known error name of OAuth, of some
 *    families with status 200 too.
 * 4. Any other code, and 5xx without a code, is transient, and its effect is unknown.
 * 5. 404 without a code is a wrong path; to an authorization code it means that the other endpoint may take the code.
 * 6. Everything else is unreadable.
 */
export function readRefusal(answer: WireAnswer, body: AnswerBody, family: EndpointFamily): FailedCall {
  const logId = readLogId(answer.headers, body.fields);
  const code = body.whole ? readCode(body.fields.code) ?? policyCode(body, family) : undefined;
  const oauthError = readOAuthError(answer, body, family);
  const judgement = judge(answer, code, family, oauthError);
  if (judgement === undefined) {
    return {
      kind: "unreadable",
      httpStatus: answer.status,
      ...defined({ logId }),
      detail: describe(answer, body, oauthError),
    };
  }
  const challengeUrl = isOfPolicy(judgement) ? readChallengeUrl(body.fields) : undefined;
  const retryAfterMs = judgement.verdict === "transient"
    ? readRetryAfterMs(answer.headers, answer.receivedAtMs)
    : undefined;
  return {
    kind: "refused",
    refusal: {
      verdict: judgement.verdict,
      errorCode: judgement.errorCode,
      mayHaveConsumed: judgement.mayHaveConsumed && SPENDING.has(family),
      httpStatus: answer.status,
      ...(code === undefined || code === 0
        ? withDetail(judgement, describe(answer, body, oauthError))
        : { feishuCode: code }),
      ...defined({ challengeUrl, logId, retryAfterMs }),
    },
  };
}

/**
 * The code of a security policy where MCP servers have it, inside `error`. No other code counts there: only these are
 * known to come in that place.
 */
function policyCode({ fields }: AnswerBody, family: EndpointFamily): number | undefined {
  const code = readCode(readFields(fields.error)?.code);
  const known = code === undefined ? undefined : findCode(code, family);
  return known !== undefined && isOfPolicy(known) ? code : undefined;
}

function isOfPolicy({ errorCode }: Judgement): boolean {
  return errorCode === "authorization_required";
}

/** OAuth's own error name. A token endpoint sends it with status 400 or 401 (RFC 6749, section 5.2). */
function readOAuthError(
  { status }: WireAnswer,
  { whole, fields }: AnswerBody,
  family: EndpointFamily,
): OAuthErrorRow | undefined {
  const isItsOwn = status === 400 || status === 401 || (status === 200 && ERRORS_WITH_200.has(family));
  const error = whole && isItsOwn ? readText(fields.error) : undefined;
  return error === undefined ? undefined : findOAuthError(error, family);
}

function judge(
  answer: WireAnswer,
  code: number | undefined,
  family: EndpointFamily,
  oauthError: OAuthErrorRow | undefined,
): Judgement | undefined {
  const { status } = answer;
  if (isRedirect(status)) return undefined;
  if (status === 429) return RATE_LIMITED;
  const known = code === undefined ? undefined : findCode(code, family);
  if (known !== undefined || oauthError !== undefined) return known ?? oauthError;
  if (code !== undefined && code !== 0) return status >= 500 ? SERVER_ERROR : UNKNOWN_CODE;
  if (status >= 500) return SERVER_ERROR;
  if (status !== 404 || answer.cut !== undefined) return undefined;
  return family === "code" ? NO_SUCH_CODE_PATH : NO_SUCH_PATH;
}

/** A rate limit needs no detail. */
function withDetail({ errorCode }: Judgement, detail: Phrase): Pick<Refusal, "detail"> {
  return errorCode === "rate_limited" ? {} : { detail };
}

/** Status, media type and size. Never the content, which may be half of an answer with a token. */
function describe(answer: WireAnswer, body: AnswerBody, oauthError: OAuthErrorRow | undefined): Phrase {
  const { status, headers, text, cut } = answer;
  if (isRedirect(status)) return redirected(status, headers);
  if (cut !== undefined) {
    return {
      en: `HTTP ${status}, cut off after ${text.length} characters: ${cut}`,
      zh: `HTTP ${status}，在 ${text.length} 个字符后中断：${CUT_ZH[cut]}`,
    };
  }
  if (oauthError !== undefined) {
    return {
      en: `HTTP ${status}, error ${oauthError.error}`,
      zh: `HTTP ${status}，错误 ${oauthError.error}`,
    };
  }
  if (body.whole) {
    return {
      en: `HTTP ${status}, JSON without a token and without an error code`,
      zh: `HTTP ${status}，JSON 中既没有令牌也没有错误码`,
    };
  }
  const mediaType = /^[\w.+-]+\/[\w.+-]+/.exec(headers.get("content-type") ?? "")?.[0];
  return {
    en: `HTTP ${status}, no JSON object (${mediaType ?? "no media type"}, ${text.length} characters)`,
    zh: `HTTP ${status}，不是 JSON 对象（${mediaType ?? "未声明类型"}，${text.length} 个字符）`,
  };
}

function redirected(status: number, headers: Headers): Phrase {
  const target = URL.parse(headers.get("location") ?? "");
  const origin = target === null || target.host === "" ? undefined : target.origin;
  return {
    en: `HTTP ${status} to ${origin ?? "another address"}, which is not followed`,
    zh: `HTTP ${status}，重定向到${origin === undefined ? "其他地址" : ` ${origin}`}，未跟随`,
  };
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}
