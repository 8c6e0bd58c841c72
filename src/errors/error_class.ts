import { StartError } from "./start_error.ts";
import { TokenError } from "./token_error.ts";

/** Nothing keeps a chain of causes from being a ring. */
const MAX_CAUSES = 4;
/** Names and codes of errors look like this; a field with any other text is not shown. */
const WORD = /^[A-Za-z_]\w{0,39}$/;

/**
 * What a log may tell of an error that came from anywhere: its class, its system code and those of its causes, for
 * instance `TypeError (ERR_INVALID_URL)`. Never its message: a parser's message quotes what it read, and that may be a
 * secret. Errors of this program's own, which hold none, are told by their message.
 */
export function errorClass(error: unknown): string {
  const names = [nameOf(error)];
  for (let at = causeOf(error); names.length < MAX_CAUSES && at !== undefined; at = causeOf(at)) {
    names.push(nameOf(at));
  }
  return names.join(", because of ");
}

function nameOf(error: unknown): string {
  if (error instanceof TokenError || error instanceof StartError) return error.message;
  if (!(error instanceof Error)) return typeof error;
  const name = WORD.test(error.name) ? error.name : "Error";
  const code = "code" in error && typeof error.code === "string" && WORD.test(error.code)
    ? error.code
    : undefined;
  return code === undefined ? name : `${name} (${code})`;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
