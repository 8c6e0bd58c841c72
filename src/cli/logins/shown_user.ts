import type { Phrase } from "../../errors/language.ts";
import type { LoginUser } from "../../ports/logins.ts";

/** `user` for people: the name, if it is known, and the `open_id`. */
export function shownUser({ openId, name }: LoginUser): Phrase {
  return name === undefined
    ? { en: openId, zh: openId }
    : { en: `${name} (${openId})`, zh: `${name}（${openId}）` };
}
