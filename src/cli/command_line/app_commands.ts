import type { Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";
import type { Commands, NameCount, OwnFlag } from "./command.ts";
import { JSON_FLAG, LOGIN_SETTINGS } from "./login_commands.ts";

const A_NAME: Phrase = { en: "NAME", zh: "名称" };
const ONE_NAME: NameCount = { shown: A_NAME, least: 1, most: 1 };
const TWO_NAMES: NameCount = { shown: { en: "NAME and NEW", zh: "名称和新名称" }, least: 2, most: 2 };

/** `--brand`. */
const BRAND_FLAG: OwnFlag = {
  takes: "text",
  placeholder: "BRAND",
  default: verbatim("feishu"),
  meaning: { en: "feishu or lark: where the app was made", zh: "feishu 或 lark：应用在哪个平台创建" },
};

/** The commands that work with kept apps. */
export const APP_COMMANDS: Commands = {
  app: {
    settings: LOGIN_SETTINGS.filter((name) => name !== "app"),
    variables: ["serverKey", "scopes"],
    exitsByKind: true,
    words: ["add", "register", "list", "use", "rename", "secret", "remove"],
    names: {
      register: { shown: A_NAME, least: 0, most: 1 },
      add: ONE_NAME,
      use: ONE_NAME,
      secret: ONE_NAME,
      remove: ONE_NAME,
      rename: TWO_NAMES,
    },
    noFurtherWord: {
      en:
        "a secret is asked for or read from standard input, since anyone who lists processes sees arguments",
      zh: "App Secret 在终端输入或从标准输入读取，因为能查看进程列表的人都能看到命令行参数",
    },
    flags: {
      "app-id": {
        words: ["add"],
        takes: "text",
        placeholder: "ID",
        default: { en: "it is asked for", zh: "在终端询问" },
        meaning: {
          en: "app add: App ID (developer console, Credentials & Basic Info)",
          zh: "app add：App ID（开发者后台 → 凭证与基础信息）",
        },
      },
      brand: { ...BRAND_FLAG, words: ["add", "register"] },
      scope: {
        words: ["register"],
        takes: "text",
        placeholder: "SCOPES",
        default: {
          en: "FEISHU_TOKEN_SCOPES, or a few usual ones",
          zh: "FEISHU_TOKEN_SCOPES，或几项常用权限",
        },
        meaning: {
          en: "app register: permissions that user tokens are to have, separated by blanks",
          zh: "app register：用户令牌需要的权限，以空格分隔",
        },
      },
      json: { ...JSON_FLAG, words: ["list"] },
      yes: {
        words: ["remove"],
        takes: "switch",
        meaning: { en: "app remove: do not ask", zh: "app remove：不再询问" },
      },
    },
  },
};
