import assert from "node:assert/strict";
import { createFeishuClient } from "../../src/feishu/feishu_client.ts";
import { createHosts } from "../../src/feishu/hosts.ts";
import type { FeishuAnswer } from "../../src/ports/feishu.ts";
import { Secret } from "../../src/secret.ts";
import { CANARY, type Fate, HOSTILE_ANSWERS, PAIR, PRESENTED } from "./hostile_answers.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { startRawServer } from "./raw_server.ts";

/** What became of the pair. */
function fateOf(answer: FeishuAnswer): Fate {
  if (answer.kind !== "issued") return "none";
  const { accessToken, refreshToken, isSalvaged } = answer.token;
  assert.deepEqual(
    { accessToken: accessToken.reveal(), refreshToken: refreshToken?.reveal() },
    PAIR,
  );
  return isSalvaged === true ? "salvaged" : "issued";
}

Deno.test.each(HOSTILE_ANSWERS.map(({ name, fate, bytes }) => [name, fate, bytes] as const))(
  "`refreshUserToken()` keeps what there is of a pair in a hostile answer: %s",
  async (_, fate, bytes) => {
    await using server = startRawServer(() => ({ write: bytes, close: true }));
    const clock = new ManualClock();
    const feishu = createFeishuClient({
      fetch,
      clock,
      hosts: createHosts({ baseUrl: server.origin }),
      version: "1.2.3",
    });
    const answer = await feishu.refreshUserToken({
      endpoint: "v2",
      credentials: { brand: "feishu", appId: "cli_a", appSecret: new Secret(CANARY) },
      refreshToken: new Secret(PRESENTED),
      timeoutMs: 5_000,
    });
    assert.equal(fateOf(answer), fate);
    assert.equal(server.requests.length, 1);
    assert.doesNotMatch(Deno.inspect(answer, { depth: 9 }) + JSON.stringify(answer), /eyJ|CANARY/);
  },
);
