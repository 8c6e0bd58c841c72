import { TokenError } from "../../errors/token_error.ts";
import type { TokenRecord } from "../../ports/store.ts";
import { UNCHANGED_MEMORY_MS } from "../app/is_reissued_just_now.ts";
import { isJustIssued } from "./is_just_issued.ts";
import { issuedMsAgo } from "../renewal/issued_ms_ago.ts";

/** The chain cannot be renewed: its newest pair came without a refresh token. */
export function noRefreshToken(): TokenError {
  return new TokenError("refresh_token_expired", {
    detail: { en: "the newest pair kept has no refresh token", zh: "已保存的最新令牌对中没有 refresh_token" },
    nextStep: {
      en:
        "Let the user authorize the app again, with offline_access in the scope so that Feishu gives a refresh token.",
      zh: "请让用户重新授权该应用，并在 scope 中加入 offline_access，飞书才会返回 refresh_token。",
    },
  });
}

/** The answer is the pair that was reported as rejected. A pair less than a minute old is not replaced yet. */
export function sameToken(record: TokenRecord, nowMs: number): TokenError {
  if (!isJustIssued(record, nowMs)) return new TokenError("same_token_returned");
  const retryAfterMs = UNCHANGED_MEMORY_MS - Math.max(0, issuedMsAgo(record, nowMs));
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return new TokenError("same_token_returned", {
    detail: { en: "Feishu has issued it less than a minute ago", zh: "它是飞书在一分钟之内签发的" },
    nextStep: {
      en:
        `Repeat the API call once with it; if Feishu still refuses it, see that the API takes this kind of token and that the app has its scope, or report it again after ${seconds} seconds.`,
      zh:
        `请用它再调用一次该 API；如果飞书仍然拒绝，请检查该 API 是否接受这种令牌、应用是否有所需权限，或在 ${seconds} 秒后再次上报。`,
    },
    retryAfterMs,
  });
}

/** The pair is in neither the store nor the journal, so it is lost when this process ends. */
export function pairNotKept(): TokenError {
  return new TokenError("store_unavailable", {
    detail: { en: "this pair could not be kept", zh: "本次的令牌对未能保存" },
    nextStep: {
      en:
        "Keep the refresh_token of this answer yourself and present it next time, not the one presented now.",
      zh: "请自行保存本次返回的 refresh_token，下次使用它，不要再用本次传入的那个。",
    },
  });
}
