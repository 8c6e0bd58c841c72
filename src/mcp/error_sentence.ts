import type { TokenError } from "../errors/token_error.ts";

/** What happened and what to do now, as text for a model. */
export function errorSentence(error: TokenError): string {
  const { message, next_step } = error.report();
  return `${message}. ${next_step}`;
}
