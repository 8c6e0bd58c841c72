import type { Brand } from "../../brand.ts";
import { UsageError } from "../command_line/usage_error.ts";

/**
 * The brand that `--brand` names; `undefined` without it.
 *
 * @throws UsageError for any other word.
 */
export function readBrand(text: string | true | undefined): Brand | undefined {
  if (text === undefined || text === "feishu" || text === "lark") return text;
  throw new UsageError({
    en: "--brand must be feishu or lark",
    zh: "--brand 必须是 feishu 或 lark",
  });
}
