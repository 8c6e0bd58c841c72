/** Of shells, of clients' configuration files, of templates: what one of them should have replaced. */
const VARIABLE =
  /\$\{[^}]*\}?|\$\([^)]*\)?|^\$(?:env:)?[A-Za-z_]\w*$|^%\w+%$|\{\{.*\}\}|^\{[A-Za-z_ ]+\}$|^\[[A-Za-z_ ]+\]$/;
/** `<app id>`, and what stands for something that was left out. */
const LEFT_OUT = /<[^<>]*>|…|\.{3}|\*{3}|x{3}|^(?:cli_)?([0*._-])\1{3,}$/i;
const WORDS =
  /your|app_?id|placeholder|example|change[-_ ]?me|replace|to[-_]?do|insert|^(?:feishu|lark)?[-_ ]?(?:app)?[-_ ]?secret$/i;

/** Whether `text` stands for an App ID or an App Secret and is none: `${FEISHU_APP_ID}`, `cli_your_app_id`, `<app id>`, `cli_…`. */
export function isPlaceholder(text: string): boolean {
  return VARIABLE.test(text) || LEFT_OUT.test(text) || WORDS.test(text);
}
