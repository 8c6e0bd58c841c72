import assert from "node:assert/strict";
import { waitForLogin } from "../../../src/cli/login/wait_for_login.ts";
import { TokenError } from "../../../src/errors/token_error.ts";
import type { LoginProgress } from "../../../src/ports/logins.ts";
import { done, pending } from "./fake_logins.ts";

/** Waits for a login that answers so, one after the other; the pauses and the problems that were told. */
async function waited(answers: readonly LoginProgress[]): Promise<{ pauses: number[]; problems: string[] }> {
  const left = [...answers];
  const [pauses, problems]: [number[], string[]] = [[], []];
  await waitForLogin({
    ask: () => Promise.resolve(left.shift() ?? done()),
    pause: (ms) => Promise.resolve(void pauses.push(ms)),
    onProblem: ({ code }) => problems.push(code),
  });
  return { pauses, problems };
}

Deno.test("waitForLogin() asks at the pace of the answers, and never without a pause", async () => {
  const { pauses } = await waited([
    pending({ retryAfterMs: 5_000 }),
    pending({ retryAfterMs: 10_000 }),
    pending({ retryAfterMs: 0 }),
  ]);
  assert.deepEqual(pauses, [5_000, 10_000, 500]);
});

Deno.test("waitForLogin() tells each kind of problem once", async () => {
  const [away, limited] = [new TokenError("feishu_unavailable"), new TokenError("rate_limited")];
  const { problems } = await waited([away, limited, away].map((problem) => pending({ problem })));
  assert.deepEqual(problems, ["feishu_unavailable", "rate_limited"]);
});
