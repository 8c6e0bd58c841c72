import { EXIT_CODES } from "../../src/cli/command_line/exit_codes.ts";
import { ERROR_TABLE, type ErrorCode, type ErrorKind, type ErrorRow } from "../../src/errors/error_table.ts";
import { FEISHU_CODE_TEXTS } from "../../src/errors/feishu_code_texts.ts";
import { fillPlaceholders } from "../../src/errors/fill_placeholders.ts";
import type { Language } from "../../src/errors/language.ts";
import { TokenError } from "../../src/errors/token_error.ts";
import { API_CODE_TABLE } from "../../src/feishu/api_code_table.ts";
import { CODE_TABLE, OAUTH_ERROR_TABLE } from "../../src/feishu/code_table.ts";
import { SERVICE_CODE_TABLE } from "../../src/feishu/service_code_table.ts";
import { tokenProblem } from "../../src/http/problem.ts";
import { markdownTable } from "./markdown_table.ts";
import { translatedTable } from "./translated_table.ts";
import { inLanguage } from "./translation.ts";

const KIND_MEANING: Readonly<Record<ErrorKind, string>> = {
  input: "The caller asked for something that cannot be had: ask differently",
  config: "The server's operator has to fix its configuration, or the app in the developer console",
  login: "The user has to do something, usually to authorize the app again",
  transient: "It passes by itself: try again after `retry_after_seconds`",
  ambiguous: "Nobody can tell what Feishu did: read the next step before anything else",
  rate: "Feishu asks for fewer calls: try again after `retry_after_seconds`",
  store: "The token store has to be fixed, or will be back by itself",
  internal: "A case this server does not know: report it",
};

/** Every kind, what it asks of whom, its HTTP status, and the exit code of the command line. */
export function errorKindTable(language: Language): string {
  const kinds = (Object.keys(KIND_MEANING) as ErrorKind[]).map((kind) => [
    `\`${kind}\``,
    KIND_MEANING[kind],
    String(statusOf(kind)),
    String(EXIT_CODES[kind]),
  ]);
  return translatedTable(language, ["Kind", "What it means", "HTTP status", "Exit code"], kinds);
}

/** Every code in one table, each with a link to its section. */
export function errorTable(language: Language): string {
  const rows = errorRows().map(([code, { kind, retryable, message }]) => [
    `[\`${code}\`](#${code})`,
    `\`${kind}\``,
    inLanguage(language, retryable ? "yes" : "no"),
    message[language],
  ]);
  return markdownTable(
    ["Code", "Kind", "Retryable", "Message"].map((cell) => inLanguage(language, cell)),
    rows,
  );
}

/** A section a code: what happened, what to do now, and which of Feishu's codes lead to it. */
export function errorSections(language: Language): string {
  const [stop, label] = language === "en" ? [".", "**Next step:** "] : ["。", "**下一步：** "];
  return errorRows().map(([code, { message, nextStep }]) =>
    [
      `### ${code}`,
      `${message[language]}${stop}`,
      `${label}${fillPlaceholders(nextStep, { language, retryAfterSeconds: "field" })}`,
      ...feishuCodes(language, code),
      ...ownTexts(language, code),
    ].join("\n\n")
  ).join("\n\n");
}

function feishuCodes(language: Language, errorCode: ErrorCode): string[] {
  if (errorCode === "token_not_at_fault") return [apiCodes(language)];
  const named = [
    ...CODE_TABLE.map((row) => ({ ...row, name: String(row.code) })),
    ...OAUTH_ERROR_TABLE.map((row) => ({ ...row, name: `\`${row.error}\`` })),
  ];
  const rows = named.filter((row) => row.errorCode === errorCode).map(({ name, families, meaning }) => [
    name,
    inLanguage(language, meaning),
    families?.join(", ") ?? inLanguage(language, "all"),
  ]);
  if (rows.length === 0) return [];
  const header = ["Feishu's code", "Feishu's meaning", "Endpoints"].map((cell) => inLanguage(language, cell));
  return [markdownTable(header, rows)];
}

/** The texts that replace the section's for some of Feishu's codes, those with the same texts in one row. */
function ownTexts(language: Language, errorCode: ErrorCode): string[] {
  const codesOf = Map.groupBy(Object.entries(FEISHU_CODE_TEXTS[errorCode] ?? {}), ([, texts]) => texts);
  if (codesOf.size === 0) return [];
  const rows = [...codesOf].map(([{ message, nextStep }, entries]) => [
    entries.map(([code]) => code).join(", "),
    message[language],
    fillPlaceholders(nextStep, { language, retryAfterSeconds: "field" }),
  ]);
  const header = ["Feishu's code", "Message instead", "Next step instead"].map((cell) =>
    inLanguage(language, cell)
  );
  return [markdownTable(header, rows)];
}

function apiCodes(language: Language): string {
  const rows = [...API_CODE_TABLE, ...SERVICE_CODE_TABLE].map(({ code, meaning, nextStep }) => [
    String(code),
    meaning[language],
    fillPlaceholders(nextStep, { language, retryAfterSeconds: "field" }),
  ]);
  const header = ["Feishu's code", "Feishu's meaning", "What helps"].map((cell) =>
    inLanguage(language, cell)
  );
  return markdownTable(header, rows);
}

function errorRows(): [ErrorCode, ErrorRow][] {
  return Object.entries(ERROR_TABLE) as [ErrorCode, ErrorRow][];
}

function statusOf(kind: string): number {
  const code = errorRows().find(([, row]) => row.kind === kind)?.[0];
  if (code === undefined) throw new RangeError(`No code is of kind ${kind}`);
  return tokenProblem(new TokenError(code)).status;
}
