import { isAppName } from "../../apps/is_app_name.ts";
import { UsageError } from "../command_line/usage_error.ts";

/**
 * The name of an app, as typed.
 *
 * @throws UsageError for what can be none. It is not repeated: it may be a secret.
 */
export function readAppName(text = ""): string {
  if (isAppName(text)) return text;
  throw new UsageError({
    en: "The name of an app is 1 to 40 letters, digits, and . _ - between them; it is shown, so no secret",
    zh: "应用名称由 1 到 40 个文字、数字以及其间的 . _ - 组成；名称会显示出来，不能是 App Secret",
  });
}
