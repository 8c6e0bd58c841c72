import assert from "node:assert/strict";
import { ENGLISH } from "../../../src/errors/audience.ts";
import { ERROR_TABLE, type ErrorCode } from "../../../src/errors/error_table.ts";
import { LANGUAGES } from "../../../src/errors/language.ts";
import type { Language } from "../../../src/errors/language.ts";
import { StartError } from "../../../src/errors/start_error.ts";
import { TokenError } from "../../../src/errors/token_error.ts";
import {
  startFailure,
  unexpectedFailure,
  workFailure,
} from "../../../src/cli/command_line/command_failure.ts";

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
      assert.doesNotMatch(line, /retry_after_seconds|min_ttl_seconds|restart the server|重启服务|\n/, code);
    }
  },
);

Deno.test.each<[Language, string]>([
  ["en", "It is gone: set it"],
  ["zh", "没有了：请设置"],
])("startFailure() shows the message as it is in %s, which says itself what to do", (language, line) => {
  const { lines, exitCode, report } = startFailure(
    new StartError({ en: "It is gone", zh: "没有了" }, { nextStep: { en: "set it", zh: "请设置" } }),
    "store_unavailable",
    language,
  );
  assert.deepEqual([lines, exitCode, report.kind], [[line], 7, "store"]);
});

Deno.test("unexpectedFailure() shows nothing of the text of an error, which may quote anything", () => {
  const failure = unexpectedFailure(new TypeError("planted-secret-0001"), ENGLISH);
  assert.equal(failure.exitCode, 1);
  assert.doesNotMatch(JSON.stringify(failure), /planted/);
});
