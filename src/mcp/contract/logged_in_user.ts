import * as z from "zod";
import type { Phrase } from "../../errors/language.ts";

const MOST_NAME_CHARACTERS = 200;
/** Never in an id or a name: control characters, and invisible ones that copying from a web page adds. */
const FOREIGN_TO_NAMES = /\p{C}/u;

/** The rule of `user`, as its refusal states it. */
export const LOGGED_IN_USER_RULE: Phrase = {
  en: `must be an open_id or a name: 1 to ${MOST_NAME_CHARACTERS} characters, no control characters`,
  zh: `必须是 open_id 或姓名：1 到 ${MOST_NAME_CHARACTERS} 个字符，不含控制字符`,
};

/** Makes the schema of the person of a kept login: by `open_id`, or by a name. */
export function loggedInUser(): z.ZodString {
  return z.string(LOGGED_IN_USER_RULE.en).trim()
    .min(1, LOGGED_IN_USER_RULE.en).max(MOST_NAME_CHARACTERS, LOGGED_IN_USER_RULE.en)
    .refine((text) => !FOREIGN_TO_NAMES.test(text), LOGGED_IN_USER_RULE.en);
}
