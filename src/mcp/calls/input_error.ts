import type * as z from "zod";
import { joinPhrases } from "../../errors/join_phrases.ts";
import type { Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";
import { brokenRule } from "../contract/broken_rule.ts";
import type { Tool } from "../contract/tool.ts";

/** Arguments that other Feishu servers take. They are refused with a hint of their own. */
const CREDENTIAL_ARGUMENTS: ReadonlySet<string> = new Set(["app_id", "app_secret", "appId", "appSecret"]);

/** Unknown names that an error may show. App secrets and tokens have at least 32 characters, or digits. */
const SHOWABLE_NAME = /^[A-Za-z_]{1,31}$/;

/** Makes the error for arguments that `tool` refuses. It names arguments and rules, never a value. */
export function inputError(tool: Tool, args: unknown, { issues }: z.ZodError): TokenError {
  const unknown = issues.flatMap((issue) => issue.code === "unrecognized_keys" ? issue.keys : []);
  const credentials = unknown.filter((name) => CREDENTIAL_ARGUMENTS.has(name));
  const broken = issues.filter((issue) => issue.code !== "unrecognized_keys")
    .map((issue) => problemWith(tool, args, issue));
  return new TokenError("input_invalid", {
    detail: joinPhrases([...withoutRepeats(broken), ...unknown.map((name) => unknownArgument(tool, name))]),
    nextStep: credentials.length > 0 ? withoutCredentials(tool, credentials) : withKnownArguments(tool),
  });
}

function problemWith(tool: Tool, args: unknown, issue: z.core.$ZodIssue): Phrase {
  const name = String(issue.path[0] ?? "");
  const rule = brokenRule(tool, issue);
  if (name !== "" && isMissing(args, name)) {
    return { en: `${name} is missing; it ${rule.en}`, zh: `缺少 ${name}；它${rule.zh}` };
  }
  return { en: `${name} ${rule.en}`, zh: `${name} ${rule.zh}` };
}

/** A list breaks one rule in each of its entries. */
function withoutRepeats(phrases: readonly Phrase[]): Phrase[] {
  return [...new Map(phrases.map((phrase) => [phrase.en, phrase])).values()];
}

/** `null` counts as missing: some clients send it for arguments that they cannot leave out. */
function isMissing(args: unknown, name: string): boolean {
  if (typeof args !== "object" || args === null) return false;
  return !Object.hasOwn(args, name) || (args as Readonly<Record<string, unknown>>)[name] === null;
}

function unknownArgument(tool: Tool, name: string): Phrase {
  if (SHOWABLE_NAME.test(name)) {
    return { en: `${name} is not an argument of ${tool.name}`, zh: `${name} 不是 ${tool.name} 的参数` };
  }
  return {
    en: `${tool.name} was given an unknown argument, whose name is not shown since it may be a secret`,
    zh: `${tool.name} 收到未知参数（名称可能是密钥，不予显示）`,
  };
}

function withoutCredentials({ name }: Tool, credentials: readonly string[]): Phrase {
  return {
    en: `Call ${name} again without ${credentials.join(" and ")}: the app's credentials come from the ` +
      "server's configuration (FEISHU_APP_ID and FEISHU_APP_SECRET) and never from tool arguments, so that nobody " +
      "gets another app's token.",
    zh: `请去掉 ${credentials.join(" 和 ")} 后重新调用 ${name}：应用凭证只来自服务配置` +
      "（FEISHU_APP_ID 和 FEISHU_APP_SECRET），从不来自工具参数，以免有人拿到其他应用的令牌。",
  };
}

function withKnownArguments({ name, input }: Tool): Phrase {
  const known = Object.entries<z.ZodType>(input().shape).map(([argument, rule]): Phrase =>
    rule.isOptional()
      ? { en: `${argument} (optional)`, zh: `${argument}（可选）` }
      : { en: argument, zh: argument }
  );
  return {
    en: `Call ${name} again with these arguments only: ${known.map(({ en }) => en).join(", ")}.`,
    zh: `请重新调用 ${name}，只使用以下参数：${known.map(({ zh }) => zh).join("、")}。`,
  };
}
