import type { Language, Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";
import type { Platform } from "../../platform.ts";
import type { StartedLogin } from "../../ports/logins.ts";
import { shownTime, type ShownTimeOptions, wallTime } from "../logins/shown_time.ts";
import { qrCode } from "../qr/qr_code.ts";

/** The link and the code, as lines that can be copied whole. */
export function linkLines(
  { verificationUrl, userCode, expiresAtMs }: StartedLogin,
  times: ShownTimeOptions,
): Phrase[] {
  const until = shownTime(expiresAtMs, times);
  return [
    {
      en: `Open this link and agree there, until ${until.en}:`,
      zh: `请打开以下链接并同意授权，有效期至 ${until.zh}：`,
    },
    verbatim(verificationUrl),
    {
      en: `The page shows or asks for this code: ${userCode}`,
      zh: `页面会显示或要求输入此验证码：${userCode}`,
    },
  ];
}

/** Shows the link on standard error: as a QR code where the terminal can, and as `lines`. */
export async function showLink(
  { verificationUrl }: Pick<StartedLogin, "verificationUrl">,
  lines: readonly Phrase[],
  platform: Platform,
  language: Language,
): Promise<void> {
  const code = await qrCode(verificationUrl, platform);
  if (code !== undefined) platform.stderr.write(`${code}\n`);
  for (const line of lines) platform.stderr.write(`${line[language]}\n`);
}

/**
 * That nothing is lost by the end of the wait, and how to take it up.
 *
 * @param expiresAtMs Unix milliseconds; absent where it is not known.
 */
export function waitsOnLine(resume: string, expiresAtMs: number | undefined, timeZone: string): Phrase {
  const until = expiresAtMs === undefined ? undefined : wallTime(expiresAtMs, timeZone);
  return {
    en: `the login goes on waiting at Feishu${
      until === undefined ? "" : ` until ${until}`
    }; to take it up: ${resume}`,
    zh: `该登录仍在飞书侧等待授权${until === undefined ? "" : `，直到 ${until}`}；继续等待请运行：${resume}`,
  };
}
