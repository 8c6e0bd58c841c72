import type { Brand } from "../../brand.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import type { StartedLogin } from "../../ports/logins.ts";
import { minutesUntil } from "./minutes_until.ts";

/** What {@linkcode startMessage} needs. */
export interface StartMessageOptions {
  /** The login that waits for the person. */
  readonly started: Pick<StartedLogin, "verificationUrl" | "userCode" | "expiresAtMs">;
  /** Why it is needed, in the caller's words. */
  readonly purpose: string | undefined;
  /** Brand of the app. */
  readonly brand: Brand;
  /** What the person reads. */
  readonly language: Language;
  /** Unix milliseconds. */
  readonly nowMs: number;
}

const IN_PRODUCT: Readonly<Record<Brand, Phrase>> = {
  feishu: { en: "in Feishu", zh: "在飞书中" },
  lark: { en: "in Lark", zh: "在 Lark 中" },
};

/**
 * What to say to the person who is to log in. The link has a line of its own, in angle brackets: Markdown gives another
 * meaning to the underscores of a bare one, and a code block is no link.
 */
export function startMessage(options: StartMessageOptions): string {
  const { started, purpose, brand, language, nowMs } = options;
  const { verificationUrl, userCode, expiresAtMs } = started;
  const product = IN_PRODUCT[brand][language];
  const minutes = minutesUntil(expiresAtMs, nowMs);
  if (language === "zh") {
    const why = purpose === undefined ? "" : `（${purpose}）`;
    return `请打开下面的链接并同意授权，以便我以你的身份${product}操作${why}：\n<${verificationUrl}>\n` +
      `页面会显示或要求输入验证码 ${userCode}。链接在 ${minutes} 分钟内有效，完成后请告诉我。`;
  }
  const why = purpose === undefined ? "" : ` (${purpose})`;
  return `Please open this link and agree, so that I may act as you ${product}${why}:\n<${verificationUrl}>\n` +
    `The page shows the code ${userCode}, or asks for it. The link works for ${minutes} more ` +
    `minute${minutes === 1 ? "" : "s"}. Tell me when you are done.`;
}
