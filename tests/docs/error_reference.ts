import { ERROR_TABLE, type ErrorCode, type ErrorKind, type ErrorRow } from "../../src/errors/error_table.ts";
import { TokenError } from "../../src/errors/token_error.ts";
import { CODE_TABLE } from "../../src/feishu/code_table.ts";
import { tokenProblem } from "../../src/http/problem.ts";
import { markdownTable } from "./markdown_table.ts";

const KIND_MEANING: Readonly<Record<ErrorKind, string>> = {
  input: "The caller asked for something that cannot be had: ask differently",
  config: "Whoever runs the server has to mend its configuration or the app in the developer console",
  login: "The user has to do something, usually to authorize the app again",
  transient: "It passes by itself: call again after `retry_after_seconds`",
  ambiguous: "Nobody can tell what Feishu did: read the next step before anything else",
  rate: "Feishu asks for fewer calls: call again after `retry_after_seconds`",
  store: "The token store has to be mended, or will be back by itself",
  internal: "A case this server does not know: report it",
};

/** Every kind, what it asks of whom, and its HTTP status. */
export function errorKindTable(): string {
  const kinds = Object.entries(KIND_MEANING).map(([kind, meaning]) => [
    `\`${kind}\``,
    meaning,
    String(statusOf(kind)),
  ]);
  return markdownTable(["Kind", "What it means", "HTTP status"], kinds);
}

/** Every code in one table, each with a link to its section. */
export function errorTable(): string {
  const rows = errorRows().map(([code, { kind, retryable, message }]) => [
    `[\`${code}\`](#${code})`,
    `\`${kind}\``,
    retryable ? "yes" : "no",
    message,
  ]);
  return markdownTable(["Code", "Kind", "Retryable", "Message"], rows);
}

/** A section a code: what happened, what to do now, and which of Feishu's codes lead to it. */
export function errorSections(): string {
  return errorRows().map(([code, { message, nextStep }]) =>
    [`### ${code}`, `${message}.`, `**Next step:** ${nextStep}`, ...feishuCodes(code)].join("\n\n")
  ).join("\n\n");
}

function feishuCodes(errorCode: ErrorCode): string[] {
  const rows = CODE_TABLE.filter((row) => row.errorCode === errorCode)
    .map(({ code, families, meaning }) => [String(code), meaning, families?.join(", ") ?? "all"]);
  return rows.length === 0 ? [] : [markdownTable(["Feishu's code", "Feishu's meaning", "Endpoints"], rows)];
}

function errorRows(): [ErrorCode, ErrorRow][] {
  return Object.entries(ERROR_TABLE) as [ErrorCode, ErrorRow][];
}

function statusOf(kind: string): number {
  const code = errorRows().find(([, row]) => row.kind === kind)?.[0];
  if (code === undefined) throw new RangeError(`No code is of kind ${kind}`);
  return tokenProblem(new TokenError(code)).status;
}
