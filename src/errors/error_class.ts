import { StartError } from "./start_error.ts";
import { TokenError } from "./token_error.ts";

/** Most errors of a chain that are named: a chain of causes may be a ring. */
const MAX_CAUSES = 4;
/** Form of the names and codes of errors. A field of any other form is not shown. */
const WORD = /^[A-Za-z_]\w{0,39}$/;

/**
 * Describes an error for the log: class and system code of it and of its causes, such as `TypeError
 * (ERR_INVALID_URL)`. Leaves out its message, since a parser's message quotes what it read, which may be a secret.
 * This program's own errors hold no secrets and are described by their message.
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
