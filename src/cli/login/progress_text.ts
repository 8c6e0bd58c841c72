import type { Phrase } from "../../errors/language.ts";
import type { KeptLogin } from "../../ports/logins.ts";
import { shownTime, type ShownTimeOptions, wallTime } from "../logins/shown_time.ts";
import { shownUser } from "../logins/shown_user.ts";
import type { PendingLogin, SettledLogin } from "./wait_for_login.ts";

/** Who has logged in, with which permissions, and until when: a line each. */
export function doneLines(
  { login, missingScopes }: Extract<SettledLogin, { readonly kind: "done" }>,
  times: ShownTimeOptions,
): Phrase[] {
  const { user, scope } = login;
  const tenant = user.tenantKey === undefined
    ? { en: "", zh: "" }
    : { en: `, tenant ${user.tenantKey}`, zh: `，企业 ${user.tenantKey}` };
  return [
    { en: `Logged in: ${shownUser(user).en}${tenant.en}`, zh: `已登录：${shownUser(user).zh}${tenant.zh}` },
    { en: `Permissions: ${scope === "" ? "none" : scope}`, zh: `权限：${scope === "" ? "无" : scope}` },
    ...(missingScopes.length === 0 ? [] : [{
      en: `Asked for and not granted: ${missingScopes.join(" ")}`,
      zh: `已申请但未获授权：${missingScopes.join(" ")}`,
    }]),
    ...endLines(login, times),
  ];
}

function endLines(login: KeptLogin, times: ShownTimeOptions): Phrase[] {
  const { refreshTokenExpiresAtMs, loginEndsAtMs, renewable } = login;
  const access = shownTime(login.accessTokenExpiresAtMs, times);
  const lines: Phrase[] = [{
    en: `Access token until ${access.en}`,
    zh: `access_token 有效期至 ${access.zh}`,
  }];
  if (!renewable) {
    lines.push({
      en: "It cannot be renewed: after that a new login is needed",
      zh: "无法刷新：到期后需要重新登录",
    });
  } else if (refreshTokenExpiresAtMs !== undefined) {
    const refresh = shownTime(refreshTokenExpiresAtMs, times);
    lines.push({
      en: `Renewed before ${refresh.en}, by a running server or by \`keep\``,
      zh: `须在 ${refresh.zh}之前刷新：由运行中的服务或 \`keep\` 完成`,
    });
  }
  if (loginEndsAtMs !== undefined) {
    const end = shownTime(loginEndsAtMs, times);
    lines.push({
      en: `Feishu ends the authorization at ${end.en}, whatever is done`,
      zh: `无论如何，飞书都会在 ${end.zh}结束该授权`,
    });
  }
  return lines;
}

/** What would be lost by a login that has fewer permissions, and how to take it: a line each. */
export function narrowerLines(
  { user, lostScopes, decideByMs }: Extract<SettledLogin, { readonly kind: "narrower" }>,
  takeIt: string | undefined,
  timeZone: string,
): Phrase[] {
  const [who, until] = [shownUser(user), wallTime(decideByMs, timeZone)];
  return [
    {
      en: `${who.en} has agreed to fewer permissions than the kept login has, so that the kept one stays`,
      zh: `${who.zh} 本次授权的权限少于已保存的登录，因此保留原有登录`,
    },
    { en: `The new one would lose: ${lostScopes.join(" ")}`, zh: `新登录将失去：${lostScopes.join(" ")}` },
    ...(takeIt === undefined ? [] : [{
      en: `To take the new one all the same, until ${until}: ${takeIt}`,
      zh: `如仍要采用新登录，请在 ${until} 前运行：${takeIt}`,
    }]),
  ];
}

/** What a login that goes on waits for. */
export function pendingLine({ expiresAtMs, isApproved }: PendingLogin, times: ShownTimeOptions): Phrase {
  const until = shownTime(expiresAtMs, times);
  return isApproved
    ? { en: "The person has agreed; the login is being finished", zh: "对方已同意授权，正在完成登录" }
    : {
      en: `The person has not agreed yet; the link works until ${until.en}`,
      zh: `对方尚未同意授权；链接有效期至 ${until.zh}`,
    };
}
