import assert from "node:assert/strict";
import { readRetryAfterMs } from "../../src/feishu/read_retry_after_ms.ts";

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

Deno.test.each([
  [{ "x-ogw-ratelimit-reset": "12" }, 12_000],
  [{ "x-ogw-ratelimit-reset": "12", "retry-after": "90" }, 12_000],
  [{ "x-ogw-ratelimit-reset": "soon", "retry-after": "90" }, 90_000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after": "Fri, 02 Jan 2026 03:04:35 GMT" }, 30_000],
  [{ "retry-after": "Fri, 02 Jan 2026 03:04:00 GMT" }, 0],
  [{ "retry-after": "86400" }, 3_600_000],
  [{ "x-ogw-ratelimit-reset": "1767323045" }, 3_600_000],
  [{ "retry-after": "-5" }, undefined],
  [{ "retry-after": "in 2026 or so" }, undefined],
  [{ "retry-after": "Fri, 32 Foo 2026 03:04:35 GMT" }, undefined],
  [{}, undefined],
])("`readRetryAfterMs()` reads %j as %s ms", (headers, expected) => {
  assert.equal(readRetryAfterMs(new Headers(headers), NOW_MS), expected);
});
