/** Letters of every script, digits, and `.`, `_`, `-` between them: nothing that a shell or a terminal would change. */
const APP_NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N}._-]{0,38}[\p{L}\p{N}])?$/u;
/** The form of Feishu's app secrets. One in the place of a name must not become one, since names are shown. */
const SECRET = /^[A-Za-z0-9]{32}$/;

/** Whether `text` may be the name of a kept app. */
export function isAppName(text: string): boolean {
  return APP_NAME.test(text) && !SECRET.test(text);
}
