import type { Language } from "../../errors/language.ts";
import type { LoginProgress } from "../../ports/logins.ts";
import { minutesUntil } from "./minutes_until.ts";

/**
 * What to ask the person whose new login has fewer scopes than the one that is kept.
 *
 * @param nowMs Unix milliseconds.
 */
export function narrowerMessage(
  { user, lostScopes, decideByMs }: Extract<LoginProgress, { readonly kind: "narrower" }>,
  language: Language,
  nowMs: number,
): string {
  const minutes = minutesUntil(decideByMs, nowMs);
  const who = user.name ?? user.openId;
  if (language === "zh") {
    return `${who} 的新登录缺少已保存的登录所拥有的权限：${lostScopes.join("、")}。` +
      `要用新的登录替换它吗？${minutes} 分钟内没有答复则保留原有的登录。`;
  }
  return `The new login of ${who} lacks permissions that the kept one has: ${
    lostScopes.join(", ")
  }. Shall the new ` +
    `one replace it? Without an answer within ${minutes} minute${
      minutes === 1 ? "" : "s"
    } the kept one stays.`;
}
