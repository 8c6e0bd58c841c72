import assert from "node:assert/strict";
import { internalError } from "../../src/errors/internal_error.ts";

Deno.test.each([["en", /: request id 5f3a$/], ["zh", /：请求 ID 5f3a$/]] as const)(
  "internalError() shows the request id in %s and nothing of the cause",
  (language, ending) => {
    const error = internalError("5f3a", new Error("planted"));
    const report = error.report({ language });
    assert.match(report.message, ending);
    assert.doesNotMatch(JSON.stringify(report), /planted/);
  },
);
