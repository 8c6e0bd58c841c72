import assert from "node:assert/strict";
import { PATHS, text } from "./asked_sandbox.ts";
import { ListeningSandbox } from "./served_sandbox.ts";

Deno.test("deliver() of drop_before cuts the connection and changes nothing", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "drop_before", times: 1 });
  await assert.rejects(sandbox.refresh(token), TypeError);
  assert.equal((await sandbox.refresh(token)).json.code, 0);
  assert.deepEqual(await sandbox.outcomes(), [["dropped_before", null], ["accepted", 0]]);
});

Deno.test("deliver() of drop_after cuts the connection and the token is spent", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "drop_after", times: 1 });
  await assert.rejects(sandbox.refresh(token), TypeError);
  assert.equal((await sandbox.refresh(token)).json.code, 20064);
  assert.deepEqual(await sandbox.outcomes(), [["dropped_after", 0], ["refused", 20064]]);
});

Deno.test("deliver() of drop_after with ms makes the change at once and cuts later", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "drop_after", times: 1, ms: 700 });
  const lost = assert.rejects(sandbox.refresh(token), TypeError);
  await sandbox.base.untilSleeping(1);
  assert.equal((await sandbox.refresh(token)).json.code, 20064);
  sandbox.base.pass(700);
  await lost;
});

Deno.test("deliver() of garbage answers 200 with HTML and the token is spent", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "garbage", times: 1 });
  const garbage = await sandbox.refresh(token);
  assert.equal(garbage.status, 200);
  assert.match(garbage.text, /^<!DOCTYPE html>/);
  assert.equal((await sandbox.refresh(token)).json.code, 20064);
  assert.deepEqual(await sandbox.outcomes(), [["accepted", 0], ["refused", 20064]]);
});

Deno.test("deliver() of truncate sends half of the announced body and the token is spent", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "truncate", times: 1 });
  const { hostname, port } = new URL(sandbox.url);
  const body = JSON.stringify({
    grant_type: "refresh_token",
    client_id: "cli_5a4db0c000000001",
    client_secret: "sandboxSecretThatOpensNothing001",
    refresh_token: token,
  });
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(
    `POST ${PATHS.v2} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  ));
  const [head = "", received = ""] = (await new Response(connection.readable).text()).split("\r\n\r\n");
  const announced = Number(/content-length: (\d+)/i.exec(head)?.[1]);
  assert.match(head, /^HTTP\/1\.1 200 /);
  assert.equal(received.length, Math.floor(announced / 2));
  assert.equal((await sandbox.refresh(token)).json.code, 20064);
});

Deno.test("deliver() of truncate breaks a client's reading of the body", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "truncate", times: 1 });
  await assert.rejects(sandbox.refresh(token), TypeError);
  assert.deepEqual(await sandbox.outcomes(), [["accepted", 0]]);
});

Deno.test("deliver() of slow answers as usual after ms", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "slow", times: 1, ms: 900 });
  const slow = sandbox.refresh(token);
  await sandbox.base.untilSleeping(1);
  assert.deepEqual(await sandbox.outcomes(), [["pending", null]]);
  sandbox.base.pass(900);
  assert.equal((await slow).json.code, 0);
});

Deno.test("deliver() of slow spends the token although its client has left", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "slow", times: 1, ms: 900 });
  const leave = new AbortController();
  const left = assert.rejects(sandbox.refresh(token, { signal: leave.signal }));
  await sandbox.base.untilSleeping(1);
  leave.abort();
  await left;
  sandbox.base.pass(900);
  await untilDecided(sandbox);
  assert.equal((await sandbox.refresh(token)).json.code, 20064);
});

Deno.test("deliver() of hang goes on as usual when the faults are cleared", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "hang" });
  const hung = sandbox.refresh(token);
  await untilCalls(sandbox, 1);
  assert.deepEqual(await sandbox.outcomes(), [["pending", null]]);
  assert.deepEqual((await sandbox.send("DELETE", "/_sandbox/faults")).json, { cleared: 1 });
  assert.equal((await hung).json.code, 0);
});

Deno.test("deliver() of hang changes nothing when the client leaves", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "hang", times: 1 });
  const leave = new AbortController();
  const left = assert.rejects(sandbox.refresh(token, { signal: leave.signal }));
  await untilCalls(sandbox, 1);
  leave.abort();
  await left;
  await untilDecided(sandbox);
  assert.equal((await sandbox.refresh(token)).json.code, 0);
  assert.deepEqual(await sandbox.outcomes(), [["dropped_before", null], ["accepted", 0]]);
});

Deno.test("deliver() of hang cuts the connection when the sandbox is reset", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "hang" });
  const hung = assert.rejects(sandbox.refresh(token), TypeError);
  await untilCalls(sandbox, 1);
  await sandbox.send("POST", "/_sandbox/reset");
  await hung;
});

Deno.test("deliver() of hang_after makes the change at once and answers when the faults are cleared", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "hang_after", times: 1 });
  const hung = sandbox.refresh(token);
  await untilDecided(sandbox);
  assert.equal((await sandbox.refresh(token)).json.code, 20064);
  await sandbox.send("DELETE", "/_sandbox/faults");
  assert.equal((await hung).json.code, 0);
  assert.deepEqual(await sandbox.outcomes(), [["accepted", 0], ["refused", 20064]]);
});

Deno.test("deliver() of hang_after loses the answer when the client leaves", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "hang_after", times: 1 });
  const leave = new AbortController();
  const left = assert.rejects(sandbox.refresh(token, { signal: leave.signal }));
  await untilDecided(sandbox);
  leave.abort();
  await left;
  while ((await sandbox.outcomes())[0]?.[0] === "accepted");
  assert.deepEqual(await sandbox.outcomes(), [["dropped_after", 0]]);
  assert.equal((await sandbox.refresh(token)).json.code, 20064);
});

Deno.test("deliver() lets go what one fault holds when that one is cleared, and nothing else", async () => {
  await using sandbox = await ListeningSandbox.start();
  const [mine, other] = [await sandbox.logIn("v2"), await sandbox.logIn("v2")];
  await sandbox.fault({ kind: "hang", times: 1 });
  const hung = sandbox.refresh(mine);
  await untilCalls(sandbox, 1);
  await sandbox.fault({ kind: "hang", times: 1 });
  const otherHung = sandbox.refresh(other);
  await untilCalls(sandbox, 2);
  await sandbox.send("DELETE", "/_sandbox/faults?id=1");
  assert.equal((await hung).json.code, 0);
  assert.deepEqual(await sandbox.outcomes(), [["accepted", 0], ["pending", null]]);
  await sandbox.send("DELETE", "/_sandbox/faults?id=2");
  assert.equal((await otherHung).json.code, 0);
});

Deno.test("deliver() of refuse answers 20050 under HTTP 500 on v2 and spends nothing", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "refuse", times: 1 });
  const refused = await sandbox.refresh(token);
  assert.equal(refused.status, 500);
  assert.deepEqual(refused.json, {
    error: "server_error",
    error_description: "An unexpected server error occurred. Please retry your request.",
    code: 20050,
  });
  assert.equal((await sandbox.refresh(token)).json.code, 0);
  assert.deepEqual(await sandbox.outcomes(), [["refused", 20050], ["accepted", 0]]);
});

Deno.test.each([[PATHS.v1], [PATHS.oidc]])(
  "deliver() of refuse answers 20050 under HTTP 500 in the older shape on %s",
  async (path) => {
    await using sandbox = await ListeningSandbox.start();
    await sandbox.fault({ kind: "refuse" });
    const { status, json } = await sandbox.send("POST", path, {});
    assert.deepEqual([status, json.code, "error" in json], [500, 20050, false]);
  },
);

Deno.test("deliver() of refuse answers 2200 under HTTP 200 on auth/v3", async () => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.fault({ kind: "refuse" });
  const { status, json } = await sandbox.tenantToken();
  assert.deepEqual([status, json], [200, { code: 2200, msg: "Internal Error" }]);
});

Deno.test.each([
  [20072, undefined, 503, "temporarily_unavailable"],
  [20037, undefined, 400, "invalid_grant"],
  [20073, 418, 418, "invalid_grant"],
])(
  "deliver() of refuse answers code %i with the status that goes with it",
  async (code, status, expected, error) => {
    await using sandbox = await ListeningSandbox.start();
    await sandbox.fault({ kind: "refuse", code, ...(status === undefined ? {} : { status }) });
    const refused = await sandbox.refresh("any");
    assert.deepEqual([refused.status, refused.json.code, refused.json.error], [expected, code, error]);
  },
);

Deno.test.each([
  [PATHS.v2, 21000],
  [PATHS.v3, 21001],
  [PATHS.device, 21000],
])("deliver() of refuse has the challenge URL of a security policy at the top on %s", async (path, code) => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.fault({ kind: "refuse", code });
  const { status, json } = await sandbox.send("POST", path, {});
  const { challenge_url, cli_hint, error_description, ...rest } = json;
  assert.deepEqual([status, rest], [400, { code }]);
  assert.match(text(challenge_url), /^https:\/\/accounts\.feishu\.cn\//);
  assert.match(text(error_description), /security policy/);
  assert.equal(typeof cli_hint, "string");
});

Deno.test.each([
  ["GET", PATHS.userInfo, 400],
  ["POST", PATHS.oidc, 403],
])(
  "deliver() of refuse has the challenge URL of a security policy in data on %s %s",
  async (method, path, status) => {
    await using sandbox = await ListeningSandbox.start();
    const challenge_url = " `https://example.test/challenge` ";
    await sandbox.fault({
      kind: "refuse",
      code: 21000,
      challenge_url,
      ...(status === 400 ? {} : { status }),
    });
    const answer = await sandbox.send(method, path, method === "GET" ? undefined : {});
    const { data, msg, ...rest } = answer.json;
    assert.deepEqual([answer.status, rest], [status, { code: 21000 }]);
    assert.match(text(msg), /security policy/);
    assert.equal((data as Record<string, unknown>).challenge_url, challenge_url);
    const { faults } = (await sandbox.send("GET", "/_sandbox/faults")).json;
    assert.equal((faults as Record<string, unknown>[])[0]?.challenge_url, challenge_url);
  },
);

Deno.test("deliver() of refuse with a security policy leaves the refresh token good", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "refuse", code: 21000, times: 1 });
  assert.equal((await sandbox.refresh(token)).json.code, 21000);
  assert.equal((await sandbox.refresh(token)).json.code, 0);
});

Deno.test("deliver() of refuse lets user_info alone fail, by the address of the caller", async () => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.fault({ path: "user_info$", kind: "refuse", code: 99991401 });
  const { json } = await sandbox.refresh(await sandbox.logIn("v2"));
  assert.equal(json.code, 0);
  const headers = { authorization: `Bearer ${text(json.access_token)}` };
  const refused = await sandbox.send("GET", PATHS.userInfo, undefined, { headers });
  assert.equal(refused.status, 400);
  assert.deepEqual(refused.json, {
    code: 99991401,
    msg: "ip 127.0.0.1 is denied by app setting",
    error: { log_id: refused.headers.get("x-tt-logid") },
  });
});

Deno.test("deliver() of rate_limit answers 429 with Feishu's headers in whole seconds", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "rate_limit", times: 1, ms: 2100 });
  const limited = await sandbox.refresh(token);
  assert.deepEqual([limited.status, limited.json.code, limited.json.error], [
    429,
    99991400,
    "too_many_requests",
  ]);
  assert.equal(limited.headers.get("x-ogw-ratelimit-limit"), "1000");
  assert.equal(limited.headers.get("x-ogw-ratelimit-reset"), "3");
  assert.equal((await sandbox.refresh(token)).json.code, 0);
});

Deno.test("deliver() of rate_limit says one second when no ms is given, also on auth/v3", async () => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.fault({ kind: "rate_limit" });
  const { status, json, headers } = await sandbox.tenantToken();
  assert.deepEqual([status, json.code, headers.get("x-ogw-ratelimit-reset")], [429, 99991400, "1"]);
});

Deno.test("deliver() of http answers the status in plain text and spends nothing", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "http", times: 1, status: 502 });
  const { status, headers } = await sandbox.refresh(token);
  assert.equal(status, 502);
  assert.match(headers.get("content-type") ?? "", /^text\/plain/);
  assert.equal((await sandbox.refresh(token)).json.code, 0);
  assert.deepEqual(await sandbox.outcomes(), [["refused", null], ["accepted", 0]]);
});

Deno.test("deliver() of http_after answers the status in plain text and the token is spent", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  await sandbox.fault({ kind: "http_after", times: 1, status: 502 });
  const { status, headers } = await sandbox.refresh(token);
  assert.equal(status, 502);
  assert.match(headers.get("content-type") ?? "", /^text\/plain/);
  assert.equal((await sandbox.refresh(token)).json.code, 20064);
  assert.deepEqual(await sandbox.outcomes(), [["accepted", 0], ["refused", 20064]]);
});

Deno.test("deliver() lets a fault hit only the paths it names, as often as it says", async () => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.fault({ path: "oauth/token$", kind: "http", times: 2 });
  assert.equal((await sandbox.tenantToken()).status, 200);
  const statuses = [await sandbox.refresh("x"), await sandbox.refresh("x"), await sandbox.refresh("x")];
  assert.deepEqual(statuses.map(({ status }) => status), [503, 503, 400]);
});

Deno.test("deliver() takes the oldest of the faults that match", async () => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.fault({ kind: "http", status: 501, times: 1 });
  await sandbox.fault({ kind: "http", status: 502 });
  const statuses = [await sandbox.refresh("x"), await sandbox.refresh("x"), await sandbox.refresh("x")];
  assert.deepEqual(statuses.map(({ status }) => status), [501, 502, 502]);
});

Deno.test("deliver() records what was asked, with the refresh token by hash", async () => {
  await using sandbox = await ListeningSandbox.start();
  const token = await sandbox.logIn("v2");
  const { headers } = await sandbox.refresh(token);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  assert.deepEqual(await sandbox.calls(), [{
    seq: 1,
    at: sandbox.clock.now() / 1000,
    method: "POST",
    path: PATHS.v2,
    app_id: "cli_5a4db0c000000001",
    grant_type: "refresh_token",
    presented: new Uint8Array(digest).toHex().slice(0, 12),
    outcome: "accepted",
    code: 0,
    log_id: headers.get("x-tt-logid"),
  }]);
});

Deno.test("deliver() records the app behind the token in Authorization", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { json } = await sandbox.tenantToken();
  const authorization = `Bearer ${text(json.tenant_access_token)}`;
  await sandbox.send("GET", PATHS.scopes, undefined, { headers: { authorization } });
  await sandbox.send("GET", PATHS.scopes);
  const appIds = (await sandbox.calls()).map((call) => call.app_id);
  assert.deepEqual(appIds, ["cli_5a4db0c000000001", "cli_5a4db0c000000001", null]);
});

/** Resolves when the sandbox has received `count` calls. */
async function untilCalls(sandbox: ListeningSandbox, count: number): Promise<void> {
  while ((await sandbox.calls()).length < count);
}

/** Resolves when it is known what became of the first call. */
async function untilDecided(sandbox: ListeningSandbox): Promise<void> {
  while ((await sandbox.outcomes())[0]?.[0] === "pending");
}
