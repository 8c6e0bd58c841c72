import type { Phrase } from "../errors/language.ts";
import { isPlaceholder } from "./is_placeholder.ts";
import { APP_ID } from "./shown_app_id.ts";

/** App ID and App Secret as they were given, with their names in messages. */
export interface NamedPair {
  /** Not repeated in messages: it may be the secret. */
  readonly appId: string;
  /** Not repeated in messages. */
  readonly appSecret: string;
  /** For instance `FEISHU_APP_ID`, `X-Feishu-App-Id` or `app_id`. */
  readonly names: { readonly appId: string; readonly appSecret: string };
}

const QUOTATION_MARKS = /["'`“”„‟‘’‚‛«»]/;
/** App secrets as Feishu issues them: no placeholders, even if they contain the words of one. */
const ISSUED_SECRET = /^(?!x+$|0+$)[A-Za-z0-9]{32}$/;
const PRINTABLE_ASCII = /^[\x21-\x7e]+$/;

/**
 * The fault in the form of a pair, as a sentence without a period that never repeats a value; `undefined` where only
 * Feishu can tell. It finds pairs that cannot be Feishu's: placeholders, swapped values, quotation marks, and ids
 * that are not `cli_` and 4 to 40 letters, digits or `_`.
 */
export function credentialFault({ appId, appSecret, names }: NamedPair): Phrase | undefined {
  if (!APP_ID.test(appId) && APP_ID.test(appSecret)) {
    return {
      en: `${names.appId} and ${names.appSecret} are swapped: each has the value of the other`,
      zh: `${names.appId} 与 ${names.appSecret} 的值写反了`,
    };
  }
  return idFault(appId, names.appId) ?? secretFault(appSecret, names.appSecret);
}

function idFault(appId: string, name: string): Phrase | undefined {
  // A line of a file that was pasted as a whole, `FEISHU_APP_ID=cli_…`, contains the words of a placeholder.
  if (isPlaceholder(appId) && !/=\s*cli_/.test(appId)) return placeholder(name, "App ID");
  if (QUOTATION_MARKS.test(appId)) return quoted(name);
  if (APP_ID.test(appId)) return undefined;
  return {
    en: `${name} is not an App ID, which is cli_ and 4 to 40 letters, digits or _`,
    zh: `${name} 不是 App ID：App ID 由 cli_ 和 4 到 40 个字母、数字或 _ 组成`,
  };
}

function secretFault(appSecret: string, name: string): Phrase | undefined {
  if (ISSUED_SECRET.test(appSecret)) return undefined;
  if (APP_ID.test(appSecret)) {
    return {
      en: `${name} is an App ID, not an App Secret`,
      zh: `${name} 的值是 App ID，而不是 App Secret`,
    };
  }
  if (isPlaceholder(appSecret)) return placeholder(name, "App Secret");
  if (QUOTATION_MARKS.test(appSecret)) return quoted(name);
  if (PRINTABLE_ASCII.test(appSecret)) return undefined;
  return {
    en: `${name} has blanks or other characters that no App Secret has`,
    zh: `${name} 含有空白或其他 App Secret 中不会出现的字符`,
  };
}

function placeholder(name: string, half: string): Phrase {
  return {
    en: `${name} is a placeholder: replace it with the app's ${half}`,
    zh: `${name} 仍是占位符：请替换为应用的 ${half}`,
  };
}

function quoted(name: string): Phrase {
  return { en: `${name} has quotation marks in it`, zh: `${name} 的值中含有引号` };
}
