import type { Commands } from "./command.ts";
import { SHELL_SETTINGS } from "./login_commands.ts";

/** The command that leads through everything. */
export const SETUP_COMMAND: Commands = {
  setup: {
    settings: [...SHELL_SETTINGS, "sandbox"],
    variables: ["serverKey", "scopes", "refreshEndpoint"],
    exitsByKind: true,
    exits: {
      4: {
        en: "also: the login cannot be renewed; what to switch on in the console is said",
        zh: "也表示：登录无法刷新；会说明需要在开发者后台打开什么",
      },
    },
    flags: {
      brand: {
        takes: "text",
        placeholder: "BRAND",
        default: { en: "it is asked, else feishu", zh: "在终端询问，否则为 feishu" },
        meaning: {
          en: "feishu or lark: where a new app is made",
          zh: "feishu 或 lark：新应用在哪个平台创建",
        },
      },
      "app-id": {
        takes: "text",
        placeholder: "ID",
        default: { en: "a new app is made by scan", zh: "扫码创建新应用" },
        meaning: {
          en: "Keep this app; its secret is asked for, or read from standard input",
          zh: "保存这个应用；App Secret 在终端输入，或从标准输入读取",
        },
      },
      client: {
        takes: "text",
        placeholder: "NAME",
        default: { en: "it is asked, else none", zh: "在终端询问，否则不配置" },
        meaning: { en: "Client to configure, as install does", zh: "要配置的客户端，与 install 相同" },
      },
      scope: {
        takes: "text",
        placeholder: "SCOPES",
        meaning: { en: "Permissions to ask for, separated by blanks", zh: "要申请的权限，以空格分隔" },
      },
      keep: {
        takes: "switch",
        meaning: {
          en: "Have the system renew the login, as keep --install",
          zh: "让系统定时刷新登录，同 keep --install",
        },
      },
      "no-keep": { takes: "switch", meaning: { en: "Do not, and do not ask", zh: "不这样做，也不询问" } },
      "new-app": {
        takes: "switch",
        meaning: { en: "Make a further app although one is kept", zh: "即使已有保存的应用，也再创建一个" },
      },
      yes: {
        takes: "switch",
        meaning: { en: "Ask nothing: the flags say it all", zh: "不询问，全部由参数决定" },
      },
    },
  },
};
