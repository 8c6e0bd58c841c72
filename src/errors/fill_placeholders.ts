import type { Brand } from "../brand.ts";
import type { Audience, Door } from "./audience.ts";
import type { Language, Phrase } from "./language.ts";

/** What the next steps leave open, since it differs by door, language, app or occurrence. Written in braces. */
export const PLACEHOLDERS = [
  "another",
  "challenge_url",
  "console_url",
  "list_logins",
  "min_ttl",
  "replace",
  "restart",
  "retry_after",
  "start_login",
  "user",
] as const;

/** One of {@linkcode PLACEHOLDERS}. */
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** Whom a next step is filled in for, and for which occurrence. */
export interface Occurrence extends Audience {
  /** `"field"` on a page about all occurrences: names the field of the report in place of a number. */
  readonly retryAfterSeconds?: number | "field" | undefined;
  /** Page for the person's security check. */
  readonly challengeUrl?: string | undefined;
}

/** Where developers manage their apps. */
const CONSOLE_URLS: Readonly<Record<Brand, string>> = {
  feishu: "https://open.feishu.cn/app",
  lark: "https://open.larksuite.com/app",
};
const BOTH_CONSOLES: Phrase = {
  en: `${CONSOLE_URLS.feishu}, for Lark ${CONSOLE_URLS.lark}`,
  zh: `${CONSOLE_URLS.feishu}，Lark 为 ${CONSOLE_URLS.lark}`,
};

const MIN_TTL: Readonly<Record<Door, string>> = {
  server: "min_ttl_seconds",
  cli: "--min-ttl",
};

const ANOTHER: Readonly<Record<Door, Phrase>> = {
  server: { en: "that person's open_id as user", zh: "该用户的 open_id（参数 user）" },
  cli: { en: "--another", zh: "参数 --another" },
};

const CHALLENGE_PAGE: Phrase = { en: "the page of Feishu's answer", zh: "飞书响应中的页面" };

const LIST_LOGINS: Readonly<Record<Door, Phrase>> = {
  server: { en: "list_feishu_logins tells", zh: "用 list_feishu_logins 查看" },
  cli: { en: "`feishu-token-mcp status` tells", zh: "用 `feishu-token-mcp status` 查看" },
};

const REPLACE: Readonly<Record<Door, string>> = {
  server: "replace: true",
  cli: "--replace",
};

const START_LOGIN: Readonly<Record<Door, Phrase>> = {
  server: {
    en: "Call start_feishu_login and show the person its link",
    zh: "请调用 start_feishu_login 并把链接展示给用户",
  },
  cli: { en: "Run `feishu-token-mcp login`", zh: "请运行 `feishu-token-mcp login`" },
};

const USER_ARGUMENT: Readonly<Record<Door, string>> = {
  server: "user",
  cli: "--user",
};

const RESTART: Readonly<Record<Door, Phrase>> = {
  server: { en: "restart the server", zh: "重启服务" },
  cli: { en: "run the command again", zh: "重新运行该命令" },
};

/**
 * `phrase` in the words of one door and language, every placeholder filled: both consoles' addresses where the brand is
 * not known, "in a moment" where the number of seconds is not. Braces that hold anything else stay as they are.
 */
export function fillPlaceholders(phrase: Phrase, occurrence: Occurrence): string {
  const { language, brand, door = "server", retryAfterSeconds, challengeUrl } = occurrence;
  const values: Readonly<Record<Placeholder, string>> = {
    another: ANOTHER[door][language],
    challenge_url: challengeUrl ?? CHALLENGE_PAGE[language],
    console_url: brand === undefined ? BOTH_CONSOLES[language] : CONSOLE_URLS[brand],
    list_logins: LIST_LOGINS[door][language],
    min_ttl: MIN_TTL[door],
    replace: REPLACE[door],
    restart: RESTART[door][language],
    retry_after: retryAfter(retryAfterSeconds, language),
    start_login: START_LOGIN[door][language],
    user: USER_ARGUMENT[door],
  };
  return phrase[language].replaceAll(
    /\{(\w+)\}/g,
    (written, name: string) => isPlaceholder(name) ? values[name] : written,
  );
}

function isPlaceholder(name: string): name is Placeholder {
  return PLACEHOLDERS.some((each) => each === name);
}

function retryAfter(seconds: number | "field" | undefined, language: Language): string {
  if (seconds === undefined) return { en: "in a moment", zh: "稍后" }[language];
  if (seconds === "field") {
    return { en: "after retry_after_seconds", zh: "在 retry_after_seconds 秒后" }[language];
  }
  return { en: `in ${seconds} s`, zh: `在 ${seconds} 秒后` }[language];
}
