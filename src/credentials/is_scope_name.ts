/** Feishu's names are like `offline_access`, `im:message.send_as_user` and `contact:user.base:readonly`. */
const SCOPE_NAME = /^[A-Za-z0-9][\w.:-]{0,99}$/;

/** Whether `text` can be the name of one of Feishu's scopes. Feishu alone knows which names there are. */
export function isScopeName(text: string): boolean {
  return SCOPE_NAME.test(text);
}
