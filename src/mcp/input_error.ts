import type { z } from "zod";
import { TokenError } from "../errors/token_error.ts";
import type { Tool } from "./tool.ts";

/** Arguments of other servers for Feishu, refused with a hint of their own. */
const CREDENTIAL_ARGUMENTS: ReadonlySet<string> = new Set(["app_id", "app_secret", "appId", "appSecret"]);

/** Names an unknown argument may be shown by. No digits and fewer than 32 characters: never an app secret or a token. */
const SHOWABLE_NAME = /^[A-Za-z_]{1,31}$/;

/** The failure for arguments that `tool` does not take. It names arguments and rules, and never a value. */
export function inputError(tool: Tool, { issues }: z.ZodError): TokenError {
  const unknown = issues.flatMap((issue) => issue.code === "unrecognized_keys" ? issue.keys : []);
  const credentials = unknown.filter((name) => CREDENTIAL_ARGUMENTS.has(name));
  const rules = issues.filter((issue) => issue.code !== "unrecognized_keys")
    .map((issue) => `${issue.path.join(".")} ${issue.message}`);
  const strangers = unknown.map((name) =>
    SHOWABLE_NAME.test(name) ? name : "an argument whose name is not shown"
  );
  const detail = [...rules, ...strangers.map((name) => `${name} is not an argument of ${tool.name}`)].join(
    "; ",
  );
  return new TokenError("input_invalid", { detail, nextStep: nextStep(tool, credentials) });
}

function nextStep(tool: Tool, credentials: readonly string[]): string {
  if (credentials.length > 0) {
    return `Call ${tool.name} again without ${
      credentials.join(" and ")
    }: the app's credentials come from the ` +
      "server's configuration (FEISHU_APP_ID and FEISHU_APP_SECRET) and never from tool arguments, so that nobody " +
      "gets another app's token.";
  }
  return `Call ${tool.name} again with no arguments but these: ${Object.keys(tool.input.shape).join(", ")}.`;
}
