import { verbatim } from "../../errors/verbatim.ts";
import type { SettingName } from "../../settings.ts";
import type { Command, Commands, OwnFlag } from "./command.ts";

/** Settings of the commands that work on kept logins. A sandbox that ends with the command is of no use to them: its logins would end with it. */
export const LOGIN_SETTINGS: readonly SettingName[] = [
  "app",
  "baseUrl",
  "kv",
  "sandboxUrl",
  "sandboxState",
  "envFile",
  "envFileIfExists",
  "language",
  "logLevel",
  "logFormat",
];

const LOGIN_VARIABLES: readonly SettingName[] = [
  "appId",
  "appSecret",
  "brand",
  "refreshEndpoint",
  "serverKey",
];

const SHARED: Pick<Command, "settings" | "variables" | "exitsByKind"> = {
  settings: LOGIN_SETTINGS,
  variables: LOGIN_VARIABLES,
  exitsByKind: true,
};

/** Settings of the commands that have something else start this program. */
export const SHELL_SETTINGS: readonly SettingName[] = LOGIN_SETTINGS.filter((name) => name !== "logFormat");

/** `--json`. */
export const JSON_FLAG: OwnFlag = {
  takes: "switch",
  meaning: { en: "One JSON object instead of lines", zh: "输出一个 JSON 对象，而不是逐行文本" },
};

/** Without the word `import`. */
const ONLY_LOGIN = { words: [""] } as const;

/** The commands that work with kept logins. */
export const LOGIN_COMMANDS: Commands = {
  login: {
    ...SHARED,
    variables: [...LOGIN_VARIABLES, "scopes"],
    exits: {
      75: {
        en: "with --resume --no-wait: the person has not agreed yet",
        zh: "与 --resume --no-wait 同用时：对方尚未同意授权",
      },
      130: {
        en: "ended by a signal while waiting; login --resume goes on",
        zh: "等待时由信号结束；可用 login --resume 继续",
      },
    },
    flags: {
      scope: {
        ...ONLY_LOGIN,
        takes: "text",
        placeholder: "SCOPES",
        default: {
          en: "FEISHU_TOKEN_SCOPES, or those of the kept login",
          zh: "FEISHU_TOKEN_SCOPES，或已保存登录的权限",
        },
        meaning: {
          en: "Permissions to ask for, separated by blanks",
          zh: "要申请的权限，以空格分隔",
        },
      },
      user: {
        ...ONLY_LOGIN,
        takes: "text",
        placeholder: "OPEN_ID",
        meaning: {
          en: "Who is expected: anyone else's login is refused",
          zh: "预期登录的人（open_id）：其他人的登录会被拒绝",
        },
      },
      from: {
        words: ["import"],
        takes: "text",
        placeholder: "TOOL",
        meaning: {
          en:
            "login import: take the login out of this tool's store, with the store's key on standard input: lark-mcp",
          zh: "login import：从该工具的存储中取出登录，存储密钥从标准输入读取：lark-mcp",
        },
      },
      "no-wait": {
        ...ONLY_LOGIN,
        takes: "switch",
        meaning: {
          en: "Print link and next command as JSON at once; with --resume, answer once",
          zh: "立即以 JSON 输出链接和下一条命令；与 --resume 同用时只回答一次",
        },
      },
      resume: {
        ...ONLY_LOGIN,
        takes: "optional",
        placeholder: "[ID]",
        meaning: {
          en: "Wait for a login that was started before; without ID the newest one",
          zh: "等待之前开始的登录；不写 ID 则为最新的一个",
        },
      },
      another: {
        ...ONLY_LOGIN,
        takes: "switch",
        meaning: {
          en: "Keep a second person's login next to the one that is kept",
          zh: "在已保存的登录之外，再保存另一个人的登录",
        },
      },
      replace: {
        ...ONLY_LOGIN,
        takes: "switch",
        meaning: {
          en: "Take the new login even if it has fewer permissions than the kept one",
          zh: "即使新登录的权限少于已保存的登录，也采用新登录",
        },
      },
      json: JSON_FLAG,
    },
    words: ["import"],
    isWordOptional: true,
    noFurtherWord: {
      en: "a refresh token is read from standard input, since anyone who lists processes sees arguments",
      zh: "refresh_token 从标准输入读取，因为能查看进程列表的人都能看到命令行参数",
    },
  },
  status: { ...SHARED, flags: { json: JSON_FLAG } },
  logout: {
    ...SHARED,
    flags: {
      user: {
        takes: "text",
        placeholder: "USER",
        default: { en: "the only one", zh: "唯一的那个人" },
        meaning: { en: "Whose login: open_id or name", zh: "谁的登录：open_id 或姓名" },
      },
      yes: { takes: "switch", meaning: { en: "Do not ask", zh: "不再询问" } },
    },
  },
  keep: {
    ...SHARED,
    exits: {
      3: {
        en: "also: a login ends within three days, or can be renewed no more",
        zh: "也表示：有登录将在三天内结束，或已无法刷新",
      },
    },
    flags: {
      json: JSON_FLAG,
      install: {
        takes: "switch",
        meaning: {
          en:
            "Have the system run it every 6 hours: systemd, launchd, Task Scheduler; else print a crontab line",
          zh: "让系统每 6 小时运行一次：systemd、launchd 或任务计划程序；没有则输出一行 crontab",
        },
      },
      uninstall: { takes: "switch", meaning: { en: "End that", zh: "取消上述定时运行" } },
    },
  },
  exec: {
    ...SHARED,
    exits: {
      126: { en: "the program may not be run", zh: "没有权限运行该程序" },
      127: { en: "there is no such program", zh: "找不到该程序" },
      "*": { en: "otherwise the program's own exit code", zh: "其余为该程序自身的退出码" },
    },
    flags: {
      as: {
        takes: "text",
        placeholder: "KIND",
        default: verbatim("user"),
        meaning: {
          en: "user, tenant or app: whose token the program gets",
          zh: "user、tenant 或 app：程序得到哪一种令牌",
        },
      },
      user: {
        takes: "text",
        placeholder: "USER",
        default: { en: "the only one", zh: "唯一的那个人" },
        meaning: { en: "Whose login: open_id or name", zh: "谁的登录：open_id 或姓名" },
      },
      "min-ttl": {
        takes: "text",
        placeholder: "SECONDS",
        default: verbatim("300"),
        meaning: {
          en: "How long the token must still work, 0 to 7200; for a user to 3600",
          zh: "令牌至少还须有效的秒数，0 到 7200；用户的令牌为 0 到 3600",
        },
      },
    },
    takesProgram: true,
  },
};
