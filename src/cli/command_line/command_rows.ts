import type { Phrase } from "../../errors/language.ts";

/** A row of the text; `otherwise` is the default. */
export type Row = readonly [name: string | Phrase, meaning: Phrase, otherwise?: Phrase | undefined];

/** A row for each command, and for each of its words. */
export const COMMAND_ROWS: readonly Row[] = [
  [{ en: "start, serve, or no word", zh: "start、serve，或不写" }, {
    en: "Serve MCP at http://127.0.0.1:8081/mcp, or on stdio with --stdio",
    zh: "在 http://127.0.0.1:8081/mcp 提供 MCP 服务；加 --stdio 则使用标准输入输出",
  }],
  ["sandbox", { en: "Run a simulated Feishu alone", zh: "单独运行模拟飞书" }, {
    en: "port 8082",
    zh: "端口 8082",
  }],
  ["demo", {
    en: "Show everything on a simulated Feishu, and check each step",
    zh: "用模拟飞书演示全部功能，并逐步检查",
  }],
  ["playground", {
    en: "Try the tools in a browser, on MCP Inspector's page",
    zh: "在浏览器中用 MCP Inspector 页面试用工具",
  }, { en: "port 6274", zh: "端口 6274" }],
  ["doctor", {
    en: "Check everything between you and a token, and say what to fix",
    zh: "检查获取令牌的每个环节，并说明如何修复",
  }],
  ["token app", { en: "Print the app's own token", zh: "输出应用的令牌（app_access_token）" }],
  ["token tenant", {
    en: "Print the tenant's token, which most of Feishu's APIs ask for",
    zh: "输出租户的令牌（tenant_access_token），飞书的大多数 API 需要它",
  }],
  ["token refresh", {
    en: "Print the user's token for the refresh token on standard input",
    zh: "用标准输入中的 refresh_token 换取并输出用户的令牌",
  }],
  ["token user", {
    en: "Print the token of somebody who has logged in",
    zh: "输出已登录用户的令牌（user_access_token）",
  }],
  ["login", {
    en: "Let a person log in with a link or QR code, and keep the login",
    zh: "用链接或二维码让用户登录，并保存登录",
  }],
  ["login import", {
    en: "Keep the login that the refresh token on standard input belongs to",
    zh: "保存标准输入中 refresh_token 所属的登录",
  }],
  ["status", {
    en: "List the kept logins, until when they last, and what is wrong with them",
    zh: "列出已保存的登录、有效期和存在的问题",
  }],
  ["logout", { en: "End a login, here and at Feishu", zh: "结束一个登录，并在飞书侧撤销" }],
  ["keep", {
    en: "Renew the logins that are due, for a timer on a machine without a server",
    zh: "刷新到期的登录；供没有常驻服务的机器定时运行",
  }],
  ["exec", {
    en: "Run a program with a token in its environment",
    zh: "运行一个程序，并在其环境变量中提供令牌",
  }],
  ["setup", {
    en: "Lead from nothing to a working agent: app, login, client, keep-alive, a first token",
    zh: "从零引导到智能体可用：应用、登录、客户端、保活、第一个令牌",
  }],
  ["app add NAME", {
    en: "Keep an app under a name, sealed in the store: its secret is asked for, or read from standard input",
    zh: "以一个名称保存应用（加密存放）：App Secret 在终端输入，或从标准输入读取",
  }],
  ["app register [NAME]", {
    en: "Make a new app by scanning a code with Feishu, and keep it; its secret is shown to nobody",
    zh: "用飞书扫码创建新应用并保存；App Secret 不会显示给任何人",
  }],
  ["app list", { en: "List the kept apps", zh: "列出已保存的应用" }],
  ["app use NAME", {
    en: "Make it the default: what counts where no other app is named",
    zh: "设为默认应用：未指定其他应用时使用",
  }],
  ["app rename NAME NEW", { en: "Give it another name", zh: "改名" }],
  ["app secret NAME", {
    en: "Replace its secret after a reset; running processes take it, and no login is lost",
    zh: "重置后更换 App Secret；运行中的进程会自动采用，登录不受影响",
  }],
  ["app remove NAME", {
    en: "End its logins, after a question, and forget it",
    zh: "经确认后结束其登录，并删除该应用",
  }],
  ["install", {
    en: "Put this server into an MCP client's configuration, and try it",
    zh: "将本服务加入 MCP 客户端的配置，并试启动",
  }],
  ["uninstall", { en: "Take it out again", zh: "从客户端的配置中删除本服务" }],
  ["help COMMAND", {
    en: "Show one command with its own flags; COMMAND --help does the same",
    zh: "只显示一个命令及其参数；与“命令 --help”相同",
  }],
  ["version", { en: "Show the version", zh: "显示版本" }],
];

/** How each command is called. */
export const USAGE: readonly string[] = [
  "feishu-token-mcp [start] [flags]",
  "feishu-token-mcp sandbox [--port N]",
  "feishu-token-mcp demo",
  "feishu-token-mcp playground [--port N]",
  "feishu-token-mcp doctor [--json] [--refresh-token-stdin] [flags]",
  "feishu-token-mcp token app [--min-ttl SECONDS] [--format FORMAT]",
  "feishu-token-mcp token tenant [--min-ttl SECONDS] [--format FORMAT]",
  "feishu-token-mcp token refresh [--format FORMAT] < FILE",
  "feishu-token-mcp token user [--user USER] [--scope SCOPES] [--format FORMAT]",
  "feishu-token-mcp login [--scope SCOPES] [--user OPEN_ID] [--another] [--replace] [--no-wait]",
  "feishu-token-mcp login --resume [ID] [--replace] [--no-wait]",
  "feishu-token-mcp login import [--from lark-mcp] < FILE",
  "feishu-token-mcp status [--json]",
  "feishu-token-mcp logout [--user USER] [--yes]",
  "feishu-token-mcp keep [--json | --install | --uninstall]",
  "feishu-token-mcp exec [--as KIND] [--user USER] [--min-ttl SECONDS] -- PROGRAM ARGUMENTS",
  "feishu-token-mcp setup [--client NAME] [--brand BRAND] [--scope SCOPES] [--keep] [--yes]",
  "feishu-token-mcp app add NAME [--app-id ID] [--brand BRAND]",
  "feishu-token-mcp app register [NAME] [--brand BRAND] [--scope SCOPES]",
  "feishu-token-mcp app list [--json]",
  "feishu-token-mcp app use NAME",
  "feishu-token-mcp app secret NAME",
  "feishu-token-mcp app rename NAME NEW",
  "feishu-token-mcp app remove NAME [--yes]",
  "feishu-token-mcp install --client NAME [--as ENTRY] [--print] [--form npx|docker]",
  "feishu-token-mcp install --list",
  "feishu-token-mcp uninstall --client NAME [--as ENTRY]",
  "feishu-token-mcp help [COMMAND]",
  "feishu-token-mcp version",
];
