import type { Phrase } from "../errors/language.ts";
import type { ApiRefusal } from "../ports/feishu.ts";

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
    "Let the user authorize the app again, with the scope that the API's page names; refreshing brings no new scope.",
  zh: "请让用户重新授权该应用，并申请 API 文档所要求的权限；刷新不会带来新的权限。",
};
const WAIT: Phrase = {
  en:
    "Wait as many seconds as the answer's header x-ogw-ratelimit-reset says, then repeat the call with the same token.",
  zh: "请按响应头 x-ogw-ratelimit-reset 给出的秒数等待，然后用同一令牌重试。",
};
const REPEAT: Phrase = {
  en: "Repeat the call a little later with the same token.",
  zh: "请稍后用同一令牌重试。",
};
const ASK_ABOUT_USER: Phrase = {
  en: "Ask the tenant's administrator about the user; no other token mends it.",
  zh: "请联系企业管理员确认该用户的状态；更换令牌无济于事。",
};

/**
 * Codes by which Feishu's APIs refuse a call although the token is good: a new one would be refused as well. Any other
 * code says, or may say, that the token is what is wrong.
 *
 * @see https://open.feishu.cn/document/ukTMukTMukTM/ugjM14COyUjL4ITN
 */
export const API_CODE_TABLE: readonly ApiRefusal[] = [
  row(99991672, "the app lacks a scope", "应用缺少权限", {
    en:
      "In the developer console ({console}) give the app the scope that the API's page names, and publish a version.",
    zh: "请在开发者后台（{console}）为应用开通 API 文档所要求的权限，并发布版本。",
  }),
  row(99991676, "the token lacks a permission", "令牌缺少权限", {
    en:
      "Give the app the scope that the API's page names; for a user's token also let the user authorize the app again with it.",
    zh: "请为应用开通 API 文档所要求的权限；如果是用户令牌，还须让用户重新授权以包含该权限。",
  }),
  row(99991679, "the user has not granted a scope", "用户未授予所需权限", GRANT_SCOPE),

  row(99991400, "request frequency limit", "请求频率超限", WAIT),
  row(1000004, "rate limit of the method", "该接口触发频率限制", WAIT),
  row(1000005, "rate limit of the app", "该应用触发频率限制", WAIT),

  row(99991401, "this IP address is not on the app's list", "此 IP 地址不在应用的白名单中", {
    en:
      "In the developer console ({console}) add the address that the call came from to the app's IP allow-list.",
    zh: "请在开发者后台（{console}）把发起调用的 IP 地址加入应用的 IP 白名单。",
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

  row(2200, "internal error", "内部错误", REPEAT),
  row(5000, "internal error", "内部错误", REPEAT),
  row(20050, "unexpected server error", "意外的服务端错误", REPEAT),
];

const BY_CODE: ReadonlyMap<number, ApiRefusal> = new Map(API_CODE_TABLE.map((each) => [each.code, each]));

/** What `code` says of a call whose token was good; undefined where the token is, or may be, what Feishu refused. */
export function findApiRefusal(code: number): ApiRefusal | undefined {
  return BY_CODE.get(code);
}

function row(code: number, en: string, zh: string, nextStep: Phrase): ApiRefusal {
  return { code, meaning: { en, zh }, nextStep };
}
