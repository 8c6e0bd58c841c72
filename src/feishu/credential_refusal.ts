import type { ToldInstead } from "../ports/feishu.ts";
import type { EndpointFamily } from "./code_table.ts";

const WRONG_SECRET: ToldInstead = {
  message: {
    en: "Feishu knows the app, and this is not its app secret",
    zh: "飞书认识该应用，但 App Secret 不正确",
  },
  nextStep: {
    en:
      "Copy the App Secret again from the developer console (your app, Credentials & Basic Info: {console_url}) into FEISHU_APP_SECRET, or into what the client sends instead: it may have been reset, or be another app's. If it is the same, check that the app is enabled.",
    zh:
      "请从开发者后台（你的应用 → 凭证与基础信息：{console_url}）重新复制 App Secret 到 FEISHU_APP_SECRET 或客户端发送的相应位置：它可能已被重置，或属于另一个应用。若两者一致，请确认应用已启用。",
  },
};
const UNKNOWN_APP: ToldInstead = {
  message: { en: "Feishu knows no app with this app id", zh: "飞书没有使用该 App ID 的应用" },
  nextStep: {
    en:
      "Compare FEISHU_APP_ID, or what the client sends instead, with the developer console (your app, Credentials & Basic Info: {console_url}): it begins with cli_; an app made on Lark needs the brand lark (FEISHU_BRAND), and one made on Feishu the brand feishu.",
    zh:
      "请对照开发者后台（你的应用 → 凭证与基础信息：{console_url}）检查 FEISHU_APP_ID 或客户端发送的相应值：它以 cli_ 开头；在 Lark 上创建的应用，brand（FEISHU_BRAND）须为 lark，在飞书上创建的须为 feishu。",
  },
};

/** Texts for a code that says which of the app credentials is wrong; `undefined` for one that does not. */
export function credentialRefusal(code: number, family: EndpointFamily): ToldInstead | undefined {
  switch (code) {
    case 10014:
    case 10015:
    case 20002:
      return WRONG_SECRET;
    case 10003:
      return family === "auth" ? UNKNOWN_APP : undefined;
    case 20028:
    case 20048:
      return UNKNOWN_APP;
    default:
      return undefined;
  }
}
