import assert from "node:assert/strict";
import { createFeishuClient } from "../../src/feishu/feishu_client.ts";
import { createHosts } from "../../src/feishu/hosts.ts";
import type { FeishuAnswer, FeishuPort } from "../../src/ports/feishu.ts";
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

const SHARED = {
  endpoint: "v2",
  credentials: { brand: "feishu", appId: "cli_a", appSecret: new Secret(CANARY) },
  timeoutMs: 5_000,
} as const;

const PRESENTATIONS: readonly (readonly [string, (feishu: FeishuPort) => Promise<FeishuAnswer>])[] = [
  [
    "refreshUserToken",
    (feishu) => feishu.refreshUserToken({ ...SHARED, refreshToken: new Secret(PRESENTED) }),
  ],
  [
    "redeemDeviceCode",
    (feishu) => feishu.redeemDeviceCode({ ...SHARED, deviceCode: new Secret(PRESENTED), intervalMs: 5_000 }),
  ],
  [
    "redeemCode",
    (feishu) =>
      feishu.redeemCode({ ...SHARED, code: new Secret(PRESENTED), redirectUri: "http://127.0.0.1:8081/" }),
  ],
];

Deno.test.each(
  PRESENTATIONS.flatMap(([method, present]) =>
    HOSTILE_ANSWERS.map(({ name, fate, bytes }) => [method, name, fate, bytes, present] as const)
  ),
)(
  "`%s()` keeps what there is of a pair in a hostile answer: %s",
  async (_method, _name, fate, bytes, present) => {
    await using server = startRawServer(() => ({ write: bytes, close: true }));
    const clock = new ManualClock();
    const feishu = createFeishuClient({
      fetch,
      clock,
      hosts: createHosts({ baseUrl: server.origin }),
      version: "1.2.3",
    });
    const answer = await present(feishu);
    assert.equal(fateOf(answer), fate);
    assert.equal(server.requests.length, 1);
    assert.doesNotMatch(Deno.inspect(answer, { depth: 9 }) + JSON.stringify(answer), /eyJ|CANARY/i);
  },
);

Deno.test.each(HOSTILE_ANSWERS.map(({ name, bytes }) => [name, bytes] as const))(
  "whatever was asked for, nothing of a hostile answer is shown: %s",
  async (_name, bytes) => {
    await using server = startRawServer(() => ({ write: bytes, close: true }));
    const feishu = createFeishuClient({
      fetch,
      clock: new ManualClock(),
      hosts: createHosts({ baseUrl: server.origin }),
      version: "1.2.3",
    });
    const token = new Secret(PRESENTED);
    const answers = [
      await feishu.startDevice({ ...SHARED, scopes: ["a"] }),
      await feishu.userInfo({ ...SHARED, brand: "feishu", accessToken: token }),
      await feishu.appScopes({ ...SHARED, tenantToken: token }),
      await feishu.revoke({ ...SHARED, token, tokenType: "refresh_token" }),
    ];
    const found = new Set(["started", "user", "scopes"]);
    assert.deepEqual(answers.filter(({ kind }) => found.has(kind)), []);
    assert.doesNotMatch(Deno.inspect(answers, { depth: 9 }) + JSON.stringify(answers), /eyJ|CANARY/i);
  },
);
