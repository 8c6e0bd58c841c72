import type { Brand } from "../brand.ts";
import type { Audience, Door } from "./audience.ts";
import type { Language, Phrase } from "./language.ts";

/** What the next steps leave open, since it differs by door, language, app or occurrence. Written in braces. */
export const PLACEHOLDERS = ["console_url", "min_ttl", "restart", "retry_after"] as const;

/** One of {@linkcode PLACEHOLDERS}. */
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** Whom a next step is filled in for, and for which occurrence. */
export interface Occurrence extends Audience {
  /** `"field"` on a page about all occurrences: names the field of the report in place of a number. */
  readonly retryAfterSeconds?: number | "field" | undefined;
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

const RESTART: Readonly<Record<Door, Phrase>> = {
  server: { en: "restart the server", zh: "重启服务" },
  cli: { en: "run the command again", zh: "重新运行该命令" },
};

/**
 * `phrase` in the words of one door and language, every placeholder filled: both consoles' addresses where the brand is
 * not known, "in a moment" where the number of seconds is not. Braces that hold anything else stay as they are.
 */
export function fillPlaceholders(phrase: Phrase, occurrence: Occurrence): string {
  const { language, brand, door = "server", retryAfterSeconds } = occurrence;
  const values: Readonly<Record<Placeholder, string>> = {
    console_url: brand === undefined ? BOTH_CONSOLES[language] : CONSOLE_URLS[brand],
    min_ttl: MIN_TTL[door],
    restart: RESTART[door][language],
    retry_after: retryAfter(retryAfterSeconds, language),
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
