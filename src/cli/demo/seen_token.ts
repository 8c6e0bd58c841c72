import type { Phrase } from "../../errors/language.ts";
import { masked } from "./demo_report.ts";

/** Seen with a token that came from the store. */
export const NO_FURTHER_CALL: Phrase = { en: "Feishu received no further call", zh: "没有再请求飞书" };

/** What a check saw: the token, masked, and what goes with it. */
export function seenToken(token: unknown, ...facts: readonly Phrase[]): Phrase {
  const all = [masked(token), ...facts];
  return { en: all.map(({ en }) => en).join(", "), zh: all.map(({ zh }) => zh).join("，") };
}

/** Remaining life of a token. */
export function left(seconds: unknown): Phrase {
  return { en: `${seconds} s left`, zh: `剩余 ${seconds} 秒` };
}

/** Number of calls that Feishu has received in all. */
export function received(calls: number): Phrase {
  return {
    en: `Feishu received ${calls} call${calls === 1 ? "" : "s"}`,
    zh: `飞书共收到 ${calls} 次请求`,
  };
}
