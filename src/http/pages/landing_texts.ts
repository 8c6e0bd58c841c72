import type { Language, Phrase } from "../../errors/language.ts";
import { CREDENTIAL_HEADERS } from "../session/read_header_source.ts";

const { app_id: ID_HEADER, app_secret: SECRET_HEADER } = CREDENTIAL_HEADERS;

/** The page's texts, as HTML. */
export const LANDING_TEXTS = {
  title: { en: "Feishu tokens", zh: "飞书令牌" },
  lead: {
    en: "An MCP server that gives AI agents, scripts and services a Feishu or Lark token that works now.",
    zh: "一个 MCP 服务，让 AI 智能体、脚本和后端服务随时拿到当前可用的飞书或 Lark 访问令牌。",
  },
  running: { en: "Running", zh: "运行中" },
  configured: { en: "App credentials configured", zh: "已配置应用凭证" },
  notConfigured: {
    en: `<b>No app credentials configured</b>: let clients send the headers <code>${ID_HEADER}</code> and ` +
      `<code>${SECRET_HEADER}</code>, or, on your own machine, set <code>FEISHU_APP_ID</code> and ` +
      `<code>FEISHU_APP_SECRET</code> and restart`,
    zh:
      `<b>未配置应用凭证</b>：请让客户端发送请求头 <code>${ID_HEADER}</code> 和 <code>${SECRET_HEADER}</code>；` +
      `在自己的机器上也可设置 <code>FEISHU_APP_ID</code> 和 <code>FEISHU_APP_SECRET</code> 后重启`,
  },
  needsKey: {
    en: "<b>Callers need a key</b>, which the operator of this server gives them",
    zh: "<b>调用方需要密钥</b>：由本服务的运维人员发放",
  },
  feishu: { en: ": Feishu (open.feishu.cn)", zh: "：飞书（open.feishu.cn）" },
  lark: { en: ": Lark (open.larksuite.com)", zh: "：Lark 平台（open.larksuite.com）" },
  sandboxApp: { en: ": the sandbox's app", zh: "：沙箱自带的应用" },
  worthless: {
    en: "<b>Sandbox</b>: Feishu is simulated; its tokens work nowhere else",
    zh: "<b>沙箱</b>：飞书由程序模拟，这里的令牌在别处无效",
  },
  store: { en: "Token store", zh: "令牌存储" },
  onlyHere: {
    en: "Shown on this machine only.",
    zh: "仅在本机显示。",
  },
  tools: { en: "Tools", zh: "工具" },
  overHttp: { en: "Connect over HTTP", zh: "通过 HTTP 连接" },
  everyHttpClient: {
    en: "The address, for any client that speaks Streamable HTTP:",
    zh: "地址如下，适用于所有支持 Streamable HTTP 的客户端：",
  },
  claudeCode: { en: "For Claude Code, run:", zh: "Claude Code 请运行：" },
  otherClients: {
    en: "Cursor and other clients that read <code>mcpServers</code>:",
    zh: "Cursor 和其他读取 <code>mcpServers</code> 的客户端：",
  },
  overStdio: { en: "Connect over stdio", zh: "通过 stdio 连接" },
  putYourOwn: {
    en: "The client starts the server itself. Replace the path and the credentials with your own:",
    zh: "由客户端启动本服务。请将路径和凭证替换为自己的：",
  },
  state: { en: "health:", zh: "健康检查：" },
} as const satisfies Record<string, Phrase>;

/** The page's texts in one language, as HTML. */
export type LandingTexts = Readonly<Record<keyof typeof LANDING_TEXTS, string>>;

/** The page's texts in `language`. */
export function textsIn(language: Language): LandingTexts {
  const pairs = Object.entries(LANDING_TEXTS).map(([name, phrase]) => [name, phrase[language]]);
  return Object.fromEntries(pairs);
}
