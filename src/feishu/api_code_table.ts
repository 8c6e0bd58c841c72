import type { Phrase } from "../errors/language.ts";
import type { ApiRefusal } from "../ports/feishu.ts";
import { CONVICTING_CODES } from "./convicting_codes.ts";
import { SERVICE_CODE_TABLE } from "./service_code_table.ts";

const COMPARE_CALL: Phrase = {
  en: "Compare the call with the API's page in Feishu's documentation; the token can be used again as it is.",
  zh: "请对照飞书开放平台文档检查该调用；当前令牌可以继续使用。",
};
const ENABLE_APP: Phrase = {
  en: "Ask the tenant's administrator to enable the app; then the same token works again.",
  zh: "请联系企业管理员启用该应用；启用后同一令牌即可继续使用。",
};
const GRANT_SCOPE: Phrase = {
  en:
    "Log in again with the scopes that `permission_violations` in the answer names: call start_feishu_login with them, and show the person its link. For a token from a refresh token of your own, let the user authorize the app again with them; a refresh adds no scope.",
  zh:
    "响应中的 `permission_violations` 列出了缺少的权限。请以这些权限作为 scopes 调用 start_feishu_login 重新登录，并把链接展示给用户。如果令牌来自你自己持有的 refresh_token，请让用户以这些权限重新授权该应用；刷新不会带来新的权限。",
};
const WAIT: Phrase = {
  en:
    "Wait for the seconds in the answer's header x-ogw-ratelimit-reset, then repeat the call with the same token.",
  zh: "请按响应头 x-ogw-ratelimit-reset 给出的秒数等待，然后用同一令牌重试。",
};
const REPEAT: Phrase = {
  en: "Repeat the call later with the same token.",
  zh: "请稍后用同一令牌重试。",
};
const ASK_ABOUT_USER: Phrase = {
  en: "Ask the tenant's administrator about the user; another token does not help.",
  zh: "请联系企业管理员确认该用户的状态；更换令牌无济于事。",
};

const CHECK_CREDENTIALS: Phrase = {
  en:
    "Compare the app id and the app secret that the call sends with the developer console ({console_url}); Feishu did not refuse an access token.",
  zh: "请对照开发者后台（{console_url}）检查该调用发送的 App ID 和 App Secret；问题不在访问令牌。",
};
const PRESENT_NEWEST: Phrase = {
  en:
    "Call refresh_feishu_user_token with the newest refresh token you hold; if its result says so, let the user authorize the app again.",
  zh:
    "请用你持有的最新 refresh_token 调用 refresh_feishu_user_token；若其结果要求重新授权，请让用户重新授权该应用。",
};
const SECURITY_CHECK: Phrase = {
  en: "Let the user pass the security check that the answer names; then the same token works.",
  zh: "请让用户完成响应中所说的安全验证；之后同一令牌即可使用。",
};
const LOOK_UP: Phrase = {
  en:
    "Look the code up on the API's page in Feishu's documentation; the token can be used again as it is. If a call that is known to be good fails with this token too, report it without feishu_code: that renews it, at most once a minute.",
  zh:
    "请在该 API 的文档中查询此错误码；当前令牌可以继续使用。如果一个确认无误的调用使用此令牌也失败，请不带 feishu_code 再次上报：这会刷新令牌，每分钟至多一次。",
};

/**
 * General codes by which Feishu's APIs refuse a call although the token is valid: a new token would be refused as well.
 * The codes of single services are in `service_code_table.ts`.
 *
 * @see https://open.feishu.cn/document/ukTMukTMukTM/ugjM14COyUjL4ITN
 */
export const API_CODE_TABLE: readonly ApiRefusal[] = [
  row(99991672, "the app lacks a scope", "应用缺少权限", {
    en:
      "In the developer console ({console_url}), under Permissions & Scopes, give the app the scope that the API's page names, and publish a version.",
    zh: "请在开发者后台（{console_url}）的「权限管理」中为应用开通 API 文档所要求的权限，并发布版本。",
  }),
  row(99991676, "the token lacks a permission", "令牌缺少权限", {
    en:
      "In the developer console ({console_url}), under Permissions & Scopes, give the app the scope that the API's page names; for a user's token also let the user authorize the app again with it.",
    zh:
      "请在开发者后台（{console_url}）的「权限管理」中为应用开通 API 文档所要求的权限；如果是用户的令牌，还须让用户重新授权以包含该权限。",
  }),
  row(99991679, "the user has not granted a scope", "用户未授予所需权限", GRANT_SCOPE),

  row(99991400, "request frequency limit", "请求频率超限", WAIT),
  row(1000004, "rate limit of the method", "接口频率超限", WAIT),
  row(1000005, "rate limit of the app", "应用频率超限", WAIT),

  row(99991401, "this IP address is not on the app's list", "此 IP 地址不在应用的白名单中", {
    en:
      "In the developer console ({console_url}), under Security Settings, add the address that the call came from to the app's IP allow-list.",
    zh: "请在开发者后台（{console_url}）的「安全设置」中把发起调用的 IP 地址加入应用的 IP 白名单。",
  }),
  row(99991403, "the month's quota is used up", "本月调用额度已用完", {
    en: "Ask the tenant's administrator for a larger quota, or wait for the next month.",
    zh: "请联系企业管理员提升额度，或等到下个月。",
  }),
  row(99991662, "the app is not in use", "应用未在使用中", ENABLE_APP),
  row(99991673, "the app's status is unavailable", "应用状态不可用", ENABLE_APP),

  row(99991661, "no token reached Feishu", "请求中没有令牌", {
    en:
      "Send the header `Authorization: Bearer <token>`, with the word Bearer and one space in front of the token.",
    zh: "请发送请求头 `Authorization: Bearer <token>`，令牌前须有 Bearer 和一个空格。",
  }),
  row(9499, "bad parameter", "参数错误", COMPARE_CALL),
  row(10001, "bad parameter", "参数错误", COMPARE_CALL),
  row(10003, "bad parameter", "参数错误", COMPARE_CALL),
  row(99992402, "bad parameter", "参数错误", COMPARE_CALL),
  row(99991201, "no such path", "路径不存在", COMPARE_CALL),
  row(99991301, "the path does not take this method", "该路径不支持此方法", COMPARE_CALL),

  row(20008, "the user does not exist", "用户不存在", ASK_ABOUT_USER),
  row(20021, "the user has resigned", "用户已离职", ASK_ABOUT_USER),
  row(20022, "the user is frozen", "用户已被冻结", ASK_ABOUT_USER),
  row(20023, "the user is not registered", "用户未注册", ASK_ABOUT_USER),

  row(20010, "the user may not use this app", "用户没有该应用的使用权限", ASK_ABOUT_USER),
  row(20066, "the user's status is invalid", "用户状态无效", ASK_ABOUT_USER),
  row(21000, "a security policy asks for a challenge", "安全策略要求验证", SECURITY_CHECK),
  row(21001, "a security policy denies access", "安全策略拒绝访问", SECURITY_CHECK),

  ...rows([10005, 10014, 10015, 20002, 20025, 20028, 20035, 20046, 20048, 99991543], [
    "the app id or the app secret is wrong",
    "App ID 或 App Secret 错误",
  ], CHECK_CREDENTIALS),
  ...rows([20009, 20042, 20069], ["the app is disabled or not installed", "应用已停用或未安装"], ENABLE_APP),
  row(20074, "the app is not allowed to refresh tokens", "应用没有刷新令牌的权限", {
    en:
      "In the developer console ({console_url}), under Security Settings, switch on refreshing user_access_token, and publish a version.",
    zh: "请在开发者后台（{console_url}）的「安全设置」中打开「刷新 user_access_token」开关，并发布版本。",
  }),
  ...rows([20024, 20026, 20037, 20038, 20064, 20073, 99991669], [
    "the refresh token was refused, not an access token",
    "被拒绝的是 refresh_token，而不是访问令牌",
  ], PRESENT_NEWEST),
  ...rows([20003, 20004, 20049, 20065, 20071, 20079, 20094, 20095], [
    "a login was refused, not an access token",
    "被拒绝的是授权登录，而不是访问令牌",
  ], COMPARE_CALL),
  ...rows([20001, 20029, 20036, 20063, 20067, 20068, 20070], ["bad parameter", "参数错误"], COMPARE_CALL),

  row(2200, "internal error", "内部错误", REPEAT),
  row(5000, "internal error", "内部错误", REPEAT),
  row(20007, "the token could not be generated", "令牌生成失败", REPEAT),
  row(20050, "unexpected server error", "意外的服务器错误", REPEAT),
  row(20072, "temporarily unavailable", "暂时不可用", REPEAT),
];

const BY_CODE: ReadonlyMap<number, ApiRefusal> = new Map(
  [...API_CODE_TABLE, ...SERVICE_CODE_TABLE].map((each) => [each.code, each]),
);

/**
 * What `code` says of a call whose token was valid; `undefined` for the few codes by which Feishu refuses the token
 * itself. A code that no table has belongs to a single API, and a rotation for it would not help.
 */
export function findApiRefusal(code: number): ApiRefusal | undefined {
  if (CONVICTING_CODES.has(code)) return undefined;
  return BY_CODE.get(code) ?? row(
    code,
    `${code} is none of the codes by which Feishu refuses a token`,
    `${code} 不是飞书用来拒绝令牌的错误码`,
    LOOK_UP,
  );
}

function rows(codes: readonly number[], [en, zh]: readonly [string, string], nextStep: Phrase): ApiRefusal[] {
  return codes.map((code) => row(code, en, zh, nextStep));
}

function row(code: number, en: string, zh: string, nextStep: Phrase): ApiRefusal {
  return { code, meaning: { en, zh }, nextStep };
}
