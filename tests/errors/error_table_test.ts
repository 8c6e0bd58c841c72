import assert from "node:assert/strict";
import { ERROR_TABLE, type ErrorCode } from "../../src/errors/error_table.ts";

const CODES = (Object.keys(ERROR_TABLE) as ErrorCode[]).map((code) => [code] as const);

/** What a reader types or looks up: the same in every language. */
function namesIn(text: string): string[] {
  return [
    ...new Set(text.match(/[A-Z]+(?:_[A-Z]+)+(?:=\w+)?|[a-z]+(?:_[a-z]+)+|--[a-z-]+|\{\w+\}/g)),
  ].toSorted();
}

Deno.test.each(CODES)("ERROR_TABLE says of %s in Chinese what it says in English", (code) => {
  const { message, nextStep } = ERROR_TABLE[code];
  assert.match(message.zh, /\p{Script=Han}/u);
  assert.match(nextStep.zh, /\p{Script=Han}/u);
  // Chinese readers know the tokens by the names of their fields, English ones read "refresh token".
  const tokenNames = /^(refresh|access|app_access|user_access)_token$/;
  const settings = (text: string): string[] => namesIn(text).filter((name) => !tokenNames.test(name));
  assert.deepEqual(settings(nextStep.zh), settings(nextStep.en));
  assert.deepEqual(settings(message.zh), settings(message.en));
});

Deno.test.each(CODES)("ERROR_TABLE lets the message of %s go on and ends its next step", (code) => {
  const { message, nextStep } = ERROR_TABLE[code];
  assert.doesNotMatch(message.en, /[.!?]$/);
  assert.doesNotMatch(message.zh, /[。！？.]$/);
  assert.match(nextStep.en, /\.$/);
  assert.match(nextStep.zh, /。$/);
});

Deno.test.each(CODES)("ERROR_TABLE writes the Chinese of %s with Chinese punctuation", (code) => {
  const { message, nextStep } = ERROR_TABLE[code];
  assert.doesNotMatch(`${message.zh}${nextStep.zh}`, /\p{Script=Han}[,;:?!()]|[,;:?!()]\p{Script=Han}/u);
});
