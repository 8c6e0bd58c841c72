import { shownApp } from "./shown_app.ts";
import type { Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";
import type { KeptLogin } from "../../ports/logins.ts";
import { shownTime, type ShownTimeOptions } from "./shown_time.ts";
import { shownUser } from "./shown_user.ts";

/** One fact of a login: heading of the column or beginning of the line, and what is in it. */
export interface LoginFact {
  /** Without a colon. */
  readonly label: Phrase;
  /** For people. */
  readonly value: Phrase;
}

const NOT_KNOWN = verbatim("–");

/** What `status` shows of `login`, in its order. Every login has the same facts. */
export function loginFacts(login: KeptLogin, times: ShownTimeOptions): LoginFact[] {
  const time = (ms: number | undefined): Phrase => ms === undefined ? NOT_KNOWN : shownTime(ms, times);
  const { brand, appId, user, scope } = login;
  return [
    { label: { en: "Person", zh: "用户" }, value: shownUser(user) },
    { label: { en: "Tenant", zh: "企业" }, value: verbatim(user.tenantKey ?? NOT_KNOWN.en) },
    { label: { en: "App", zh: "应用" }, value: verbatim(`${shownApp(appId)} ${brand}`) },
    { label: { en: "Permissions", zh: "权限数" }, value: verbatim(String(scopeCount(scope))) },
    { label: { en: "Until", zh: "有效期至" }, value: time(endOf(login)) },
    { label: { en: "Next renewal", zh: "下次刷新" }, value: time(login.nextRenewalAtMs) },
    { label: { en: "At most until", zh: "最长至" }, value: time(login.loginEndsAtMs) },
    { label: { en: "State", zh: "状态" }, value: stateOf(login) },
  ];
}

/** Until when it lasts if it is renewed no more. */
function endOf(login: KeptLogin): number {
  return login.renewable
    ? login.refreshTokenExpiresAtMs ?? login.accessTokenExpiresAtMs
    : login.accessTokenExpiresAtMs;
}

function stateOf({ needsLogin, renewable, problem }: KeptLogin): Phrase {
  if (needsLogin) return { en: "login needed", zh: "需要重新登录" };
  if (problem !== undefined) return { en: "last renewal failed", zh: "上次刷新失败" };
  return renewable ? { en: "good", zh: "正常" } : { en: "not renewable", zh: "无法刷新" };
}

function scopeCount(scope: string): number {
  return scope.split(/\s+/).filter((each) => each !== "").length;
}
