import { verbatim } from "../../errors/verbatim.ts";
import type { Commands, OwnFlag } from "./command.ts";
import { SHELL_SETTINGS } from "./login_commands.ts";

const CLIENT: OwnFlag = {
  takes: "text",
  placeholder: "NAME",
  meaning: verbatim("claude-desktop, claude-code, cursor, vscode, codex, trae, windsurf, zed"),
};

const AS: OwnFlag = {
  takes: "text",
  placeholder: "ENTRY",
  default: verbatim("feishu-token"),
  meaning: { en: "Name of the entry in the client's configuration", zh: "客户端配置中条目的名称" },
};

const EXITS = {
  3: {
    en: "the client's file cannot be changed, or the server does not start from it",
    zh: "无法修改客户端的文件，或服务无法由它启动",
  },
} as const;

/** The commands that change the configuration of MCP clients. */
export const CLIENT_COMMANDS: Commands = {
  install: {
    settings: SHELL_SETTINGS,
    variables: ["appId", "brand", "refreshEndpoint"],
    exitsByKind: true,
    exits: EXITS,
    flags: {
      client: CLIENT,
      as: AS,
      print: {
        takes: "switch",
        meaning: {
          en: "Print what would be written, and touch nothing",
          zh: "只输出将要写入的内容，不做任何改动",
        },
      },
      form: {
        takes: "text",
        placeholder: "FORM",
        default: { en: "as it runs now", zh: "与当前运行方式相同" },
        meaning: { en: "npx or docker: how the client starts it", zh: "npx 或 docker：客户端的启动方式" },
      },
      list: {
        takes: "switch",
        meaning: {
          en: "List the clients, their files, and the entries in them",
          zh: "列出各客户端、其文件及其中的条目",
        },
      },
    },
  },
  uninstall: {
    settings: ["language"],
    exitsByKind: true,
    exits: EXITS,
    flags: { client: CLIENT, as: AS },
  },
};
