import type { Brand } from "../brand.ts";
import type { Language } from "./language.ts";

/** Stands for the address in the texts of the table. */
const PLACEHOLDER = "{console}";

/** Where developers manage their apps. */
const CONSOLE_URL: Readonly<Record<Brand, string>> = {
  feishu: "https://open.feishu.cn/app",
  lark: "https://open.larksuite.com/app",
};

const BOTH: Readonly<Record<Language, string>> = {
  en: `${CONSOLE_URL.feishu}, for Lark ${CONSOLE_URL.lark}`,
  zh: `${CONSOLE_URL.feishu}，Lark 为 ${CONSOLE_URL.lark}`,
};

/** `text` with the address of the developer console of `brand` for `{console}`; with both where the brand is not known. */
export function withConsoleUrl(text: string, language: Language, brand: Brand | undefined): string {
  return text.replaceAll(PLACEHOLDER, brand === undefined ? BOTH[language] : CONSOLE_URL[brand]);
}
