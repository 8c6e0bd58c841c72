import type { Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";
import { jwtClaims } from "../../credentials/jwt_claims.ts";
import { knownAccessToken } from "../../credentials/known_access_token.ts";
import { refreshFeishuUserToken } from "../../mcp/tools/refresh_feishu_user_token.ts";
import { readPastedToken } from "../../credentials/read_pasted_token.ts";
import type { Secret } from "../../secret.ts";
import { type Check, fail, ok, warn } from "./check.ts";

const REFRESH_TOKEN_CHECK = "refresh token";
/**
 * Judges a refresh token by its form alone: it is sent nowhere, so that it is not spent, and whether it works is not
 * known.
 */
export function checkRefreshToken(token: Secret, nowMs: number): Check {
  const text = readPastedToken(token.reveal(), "refresh");
  if (text === "") {
    return fail(REFRESH_TOKEN_CHECK, { en: "standard input is empty", zh: "标准输入为空" }, {
      en: "Pipe in the refresh token alone.",
      zh: "请只传入 refresh_token 本身。",
    });
  }
  const length: Phrase = { en: `${text.length} characters`, zh: `${text.length} 个字符` };
  const other = knownAccessToken(text);
  if (other !== undefined) {
    return fail(REFRESH_TOKEN_CHECK, {
      en: `this is ${other.en}, not a refresh token`,
      zh: `这是${other.zh}，不是 refresh_token`,
    }, { en: "Use the refresh_token of the same answer.", zh: "请使用同一响应中的 refresh_token。" });
  }
  if (text.startsWith("{")) {
    return fail(REFRESH_TOKEN_CHECK, {
      en: "this is JSON without refresh_token",
      zh: "这段 JSON 中没有 refresh_token",
    }, {
      en: "Pipe in the whole answer that the access token came with, or its refresh_token alone.",
      zh: "请传入签发 access_token 时的完整响应，或只传入其中的 refresh_token。",
    });
  }
  if (!refreshFeishuUserToken.input().safeParse({ refresh_token: text }).success) {
    return fail(REFRESH_TOKEN_CHECK, {
      en: `${length.en}, too many, or with blanks or invisible characters among them`,
      zh: `${length.zh}，过长，或其中有空白或不可见字符`,
    }, { en: "Copy the token again, whole and alone.", zh: "请重新复制，复制完整且不带其他内容。" });
  }
  if (text.startsWith("ur-")) {
    return ok(REFRESH_TOKEN_CHECK, {
      en: `${length.en}, of the older endpoints (v1, oidc): only Feishu knows when it expires`,
      zh: `${length.zh}，来自旧版接口（v1、oidc）：只有飞书知道它何时过期`,
    });
  }
  const claims = claimsOf(text);
  if (claims === undefined) {
    return warn(REFRESH_TOKEN_CHECK, {
      en: `${length.en}, of no known form: neither ur-… nor a JWT`,
      zh: `${length.zh}，形式未知：既不是 ur-… 也不是 JWT`,
    }, {
      en: "Check that it was copied whole, and that it is the refresh token.",
      zh: "请检查是否复制完整，以及它是否为 refresh_token。",
    });
  }
  return checkClaims(claims, length, nowMs);
}

interface Claims {
  /** Unix milliseconds. */
  readonly issuedAtMs: number | undefined;
  /** Unix milliseconds. */
  readonly expiresAtMs: number | undefined;
}

function checkClaims({ issuedAtMs, expiresAtMs }: Claims, length: Phrase, nowMs: number): Check {
  const issued: Phrase = issuedAtMs === undefined ? verbatim("") : {
    en: `, issued ${moment(issuedAtMs)}`,
    zh: `，签发于 ${moment(issuedAtMs)}`,
  };
  const known: Phrase = {
    en: `${length.en}, of the newer endpoints (v2, v3)${issued.en}`,
    zh: `${length.zh}，来自新版接口（v2、v3）${issued.zh}`,
  };
  if (expiresAtMs === undefined) {
    return ok(REFRESH_TOKEN_CHECK, {
      en: `${known.en}, without an expiry`,
      zh: `${known.zh}，未写明过期时间`,
    });
  }
  const end = moment(expiresAtMs);
  if (expiresAtMs > nowMs) {
    return ok(REFRESH_TOKEN_CHECK, {
      en: `${known.en}, valid until ${end} unless it has been used`,
      zh: `${known.zh}，如未被使用则在 ${end} 前有效`,
    });
  }
  return fail(
    REFRESH_TOKEN_CHECK,
    { en: `${known.en}, expired ${end}`, zh: `${known.zh}，已于 ${end} 过期` },
    {
      en: "Let the user authorize the app again.",
      zh: "请让用户重新授权该应用。",
    },
  );
}

function claimsOf(text: string): Claims | undefined {
  const fields = jwtClaims(text);
  if (fields === undefined) return undefined;
  return { issuedAtMs: secondsToMs(fields.iat), expiresAtMs: secondsToMs(fields.exp) };
}

function secondsToMs(value: unknown): number | undefined {
  // The range of `Date`, in seconds.
  return typeof value === "number" && Math.abs(value) <= 8.64e12 ? value * 1000 : undefined;
}

function moment(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, "Z");
}
