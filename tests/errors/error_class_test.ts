import assert from "node:assert/strict";
import { errorClass } from "../../src/errors/error_class.ts";
import { TokenError } from "../../src/errors/token_error.ts";

function caught(fail: () => unknown): unknown {
  try {
    fail();
  } catch (error) {
    return error;
  }
  return undefined;
}

Deno.test.each<[string, unknown, string]>([
  ["a parser of URLs", caught(() => new URL("http://x:99999/?planted")), "TypeError (ERR_INVALID_URL)"],
  ["a parser of JSON", caught(() => JSON.parse("planted")), "SyntaxError"],
  ["a cause", new Error("planted", { cause: new RangeError("planted") }), "Error, because of RangeError"],
  ["what is no error", "planted", "string"],
  ["nothing", undefined, "undefined"],
  ["a name that is none", Object.assign(new Error("planted"), { name: "planted planted" }), "Error"],
  ["an error of this program", new TokenError("store_unavailable"), "The token store does not answer"],
])("errorClass() tells nothing of the message of %s", (_case, error, told) => {
  if (told.startsWith("TypeError")) assert.match(errorClass(error), /^TypeError/);
  else assert.equal(errorClass(error), told);
});

Deno.test("errorClass() comes to an end when a cause is its own", () => {
  const error = new Error("planted");
  error.cause = error;
  assert.match(errorClass(error), /^Error(, because of Error){3}$/);
});
