import assert from "node:assert/strict";
import { ERROR_TABLE, type ErrorCode } from "../../src/errors/error_table.ts";
import { TokenError } from "../../src/errors/token_error.ts";
import { tokenProblem } from "../../src/http/problem.ts";

const STATUSES = {
  input: 400,
  config: 503,
  login: 403,
  transient: 503,
  ambiguous: 502,
  rate: 429,
  store: 503,
  internal: 500,
} as const;

Deno.test.each(Object.keys(ERROR_TABLE) as ErrorCode[])(
  "tokenProblem() maps %s by its kind",
  async (code) => {
    const response = tokenProblem(new TokenError(code));
    const problem = await response.json() as Record<string, unknown>;
    const { kind } = ERROR_TABLE[code];
    assert.deepEqual([response.status, problem["status"], problem["code"]], [
      STATUSES[kind],
      STATUSES[kind],
      code,
    ]);
  },
);

Deno.test("tokenProblem() carries the whole report as problem+json", async () => {
  const error = new TokenError("rate_limited", { retryAfterMs: 1500, feishuCode: 1, logId: "log-1" });
  const response = tokenProblem(error);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.deepEqual(await response.json(), {
    type: "about:blank",
    title: "Too Many Requests",
    status: 429,
    detail: "Feishu limits the rate of these calls",
    ...error.report(),
  });
});

Deno.test("tokenProblem() sets Retry-After when a repeat may succeed", () => {
  const response = tokenProblem(new TokenError("store_unavailable", { retryAfterMs: 4200 }));
  assert.equal(response.headers.get("retry-after"), "5");
});
