import { TokenError } from "../errors/token_error.ts";

/** The end of a chain whose newest pair came without a refresh token. */
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

/** A pair that is in neither the store nor the journal: it is gone with this process. */
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
