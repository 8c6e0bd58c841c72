/** Variables of shells, of clients' configuration files and of templates, which were not replaced. */
const VARIABLE =
  /\$\{[^}]*\}?|\$\([^)]*\)?|^\$(?:env:)?[A-Za-z_]\w*$|^%\w+%$|\{\{.*\}\}|^\{[A-Za-z_ ]+\}$|^\[[A-Za-z_ ]+\]$/;
/** `<app id>`, and marks for something left out. */
const LEFT_OUT = /<[^<>]*>|…|\.{3}|\*{3}|x{3}|^(?:cli_)?([0*._-])\1{3,}$/i;
const WORDS =
  /your|app_?id|placeholder|example|change[-_ ]?me|replace|to[-_]?do|insert|^(?:feishu|lark)?[-_ ]?(?:app)?[-_ ]?secret$/i;

/** Whether `text` is a placeholder of an App ID or App Secret: `${FEISHU_APP_ID}`, `cli_your_app_id`, `cli_…`. */
export function isPlaceholder(text: string): boolean {
  return VARIABLE.test(text) || LEFT_OUT.test(text) || WORDS.test(text);
}
