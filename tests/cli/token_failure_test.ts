import assert from "node:assert/strict";
import { ENGLISH } from "../../src/errors/audience.ts";
import { ERROR_TABLE, type ErrorCode } from "../../src/errors/error_table.ts";
import { LANGUAGES } from "../../src/errors/language.ts";
import { StartError } from "../../src/errors/start_error.ts";
import { TokenError } from "../../src/errors/token_error.ts";
import { startFailure, unexpectedFailure, workFailure } from "../../src/cli/token_failure.ts";

Deno.test.each([
  ["input_invalid", 2],
  ["credentials_refused", 3],
  ["refresh_token_spent", 4],
  ["feishu_unavailable", 5],
  ["rate_limited", 5],
  ["rotation_outcome_unknown", 6],
  ["store_unavailable", 7],
  ["internal_error", 1],
])("workFailure() ends %s with %i", (code, exitCode) => {
  assert.equal(workFailure(new TokenError(code as ErrorCode), ENGLISH).exitCode, exitCode);
});

Deno.test.each(LANGUAGES.map((language) => [language]))(
  "workFailure() speaks of flags and seconds, not of fields of the MCP tools, in %s",
  (language) => {
    for (const code of Object.keys(ERROR_TABLE) as ErrorCode[]) {
      const [line = ""] = workFailure(new TokenError(code, { retryAfterMs: 4_200 }), { language }).lines;
      assert.doesNotMatch(line, /retry_after_seconds|min_ttl_seconds|\n/, code);
    }
  },
);

Deno.test("startFailure() shows the message as it is, which says itself what to do", () => {
  const { lines, exitCode, report } = startFailure(
    new StartError("It is gone: set it"),
    "store_unavailable",
    "en",
  );
  assert.deepEqual([lines, exitCode, report.kind], [["It is gone: set it"], 7, "store"]);
});

Deno.test("unexpectedFailure() shows nothing of the text of an error, which may quote anything", () => {
  const failure = unexpectedFailure(new TypeError("planted-secret-0001"), ENGLISH);
  assert.equal(failure.exitCode, 1);
  assert.doesNotMatch(JSON.stringify(failure), /planted/);
});
