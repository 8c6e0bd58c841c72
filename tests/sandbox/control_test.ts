import assert from "node:assert/strict";
import { rawHttp } from "../http/raw_http.ts";
import { PATHS, SCOPE, text } from "./asked_sandbox.ts";
import { ListeningSandbox } from "./served_sandbox.ts";

const LIVES = {
  v1: [7140, 2_591_940],
  oidc: [7199, 2_591_999],
  v2: [7200, 604_800],
  v3: [7200, 604_800],
} as const;

Deno.test.each([["v1"], ["oidc"], ["v2"], ["v3"]] as const)(
  "POST /_sandbox/logins gives the pair as %s would have issued it",
  async (generation) => {
    await using sandbox = await ListeningSandbox.start();
    const { status, json } = await sandbox.send("POST", "/_sandbox/logins", { generation });
    const { access_token, refresh_token, open_id, code, ...rest } = json;
    assert.equal(status, 200);
    const prefix = generation === "v1" || generation === "oidc" ? /^ur?-/ : /^eyJ/;
    assert.match(text(access_token), prefix);
    assert.match(text(refresh_token), prefix);
    assert.match(text(open_id), /^ou_[0-9a-f]{32}$/);
    assert.match(text(code), /^[\w-]{64}$/);
    const [expires_in, refresh_token_expires_in] = LIVES[generation];
    assert.deepEqual(rest, { expires_in, refresh_token_expires_in, scope: SCOPE });
  },
);

Deno.test("POST /_sandbox/logins gives no refresh token when the scope has no offline_access", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { json } = await sandbox.send("POST", "/_sandbox/logins", {
    generation: "v2",
    scope: "auth:user.id:read",
  });
  assert.equal("refresh_token" in json || "refresh_token_expires_in" in json, false);
});

Deno.test("POST /_sandbox/logins gives an authorization code that the same app can redeem", async () => {
  await using sandbox = await ListeningSandbox.start();
  const login = await sandbox.send("POST", "/_sandbox/logins", { generation: "v3", user: "Grace" });
  const redeemed = await sandbox.send("POST", PATHS.v3, {
    grant_type: "authorization_code",
    client_id: "cli_5a4db0c000000001",
    client_secret: "sandboxSecretThatOpensNothing001",
    code: login.json.code,
  });
  assert.equal(redeemed.json.code, 0);
});

Deno.test("POST /_sandbox/logins gives one user one open_id in each app", async () => {
  await using sandbox = await ListeningSandbox.start();
  const openId = async (app_id: string, user: string): Promise<unknown> =>
    (await sandbox.send("POST", "/_sandbox/logins", { generation: "v2", app_id, user })).json.open_id;
  const mine = await openId("cli_5a4db0c000000001", "Ada");
  assert.equal(await openId("cli_5a4db0c000000001", "Ada"), mine);
  assert.notEqual(await openId("cli_5a4db0c000000001", "Grace"), mine);
  assert.notEqual(await openId("cli_5a4db0c000000002", "Ada"), mine);
});

Deno.test.each([
  ["cli_sandbox000000001", "cli_5a4db0c000000001"],
  ["cli_sandbox000000002", "cli_5a4db0c000000002"],
])("the id %s of version 0.1.0 means the app %s", async (former, now) => {
  await using sandbox = await ListeningSandbox.start();
  const secret = `sandboxSecretThatOpensNothing00${now.at(-1)}`;
  const login = async (app_id: string): Promise<Readonly<Record<string, unknown>>> =>
    (await sandbox.send("POST", "/_sandbox/logins", { generation: "v2", app_id, user: "Ada" })).json;
  const appToken = async (app_id: string): Promise<unknown> =>
    (await sandbox.send("POST", PATHS.appToken, { app_id, app_secret: secret })).json.app_access_token;
  const { refresh_token, open_id } = await login(former);
  assert.equal((await login(now)).open_id, open_id);
  const token = await appToken(former);
  assert.match(text(token), /^t-/);
  assert.equal(await appToken(now), token);
  const { json } = await sandbox.send("POST", PATHS.v2, {
    grant_type: "refresh_token",
    client_id: former,
    client_secret: secret,
    refresh_token,
  });
  assert.equal(json.code, 0);
  assert.deepEqual((await sandbox.calls()).map(({ app_id }) => app_id), [now, now, now]);
  const state = (await sandbox.send("GET", "/_sandbox/state")).text;
  assert.equal(state.includes(now) && !state.includes(former), true);
});

Deno.test("a user has the open_id that version 0.1.0 gave him", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { json } = await sandbox.send("POST", "/_sandbox/logins", { generation: "v2", user: "Ada" });
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("cli_sandbox000000001/Ada"));
  assert.equal(json.open_id, `ou_${new Uint8Array(digest).toHex().slice(0, 32)}`);
});

Deno.test("POST /_sandbox/clock moves the clock and tells the new time", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { json } = await sandbox.send("POST", "/_sandbox/clock", { advance_seconds: 90.5 });
  assert.deepEqual(json, { now: sandbox.base.now() / 1000 + 90.5, offset_seconds: 90.5 });
  const back = await sandbox.send("POST", "/_sandbox/clock", { advance_seconds: -100 });
  assert.equal(back.json.offset_seconds, -9.5);
});

Deno.test("GET /_sandbox/clock answers at once without after and with a seq that has gone by", async () => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.send("POST", "/_sandbox/clock", { advance_seconds: 1 });
  const expected = { now: sandbox.clock.now() / 1000, offset_seconds: 1, seq: 1 };
  assert.deepEqual((await sandbox.send("GET", "/_sandbox/clock")).json, expected);
  assert.deepEqual((await sandbox.send("GET", "/_sandbox/clock?after=0")).json, expected);
});

Deno.test("GET /_sandbox/clock?after=SEQ answers with the same seq after 25 s", async () => {
  await using sandbox = await ListeningSandbox.start();
  const polled = sandbox.send("GET", "/_sandbox/clock?after=0");
  await sandbox.base.untilSleeping(1);
  sandbox.base.pass(25_000);
  assert.equal((await polled).json.seq, 0);
});

Deno.test("POST /_sandbox/clock answers once the waiting poll was told and has asked again", async () => {
  await using sandbox = await ListeningSandbox.start();
  const first = sandbox.send("GET", "/_sandbox/clock?after=0");
  await sandbox.base.untilSleeping(1);
  let answered = false;
  const moved = sandbox.send("POST", "/_sandbox/clock", { advance_seconds: 60 }).then(() => answered = true);
  assert.deepEqual((await first).json.seq, 1);
  await sandbox.calls();
  assert.equal(answered, false);
  const second = sandbox.send("GET", "/_sandbox/clock?after=1");
  await moved;
  await sandbox.base.untilSleeping(1);
  sandbox.base.pass(25_000);
  await second;
});

Deno.test("GET /_sandbox/clock is not among the calls", async () => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.send("GET", "/_sandbox/clock");
  assert.deepEqual(await sandbox.calls(), []);
});

Deno.test("POST /_sandbox/faults gives an id and GET lists what is left", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { json } = await sandbox.send("POST", "/_sandbox/faults", {
    path: "^/oauth",
    kind: "http",
    times: 2,
  });
  assert.deepEqual(json, { id: 1 });
  await sandbox.send("POST", PATHS.v3, {});
  const { faults } = (await sandbox.send("GET", "/_sandbox/faults")).json;
  assert.deepEqual(faults, [{ id: 1, path: "^\\/oauth", kind: "http", times: 1 }]);
});

Deno.test("POST /_sandbox/faults never hits the control interface", async () => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.fault({ path: "_sandbox", kind: "drop_before" });
  assert.equal((await sandbox.send("GET", "/_sandbox/state")).status, 200);
});

Deno.test("POST /_sandbox/revoke revokes by refresh token and by open_id", async () => {
  await using sandbox = await ListeningSandbox.start();
  const login = await sandbox.send("POST", "/_sandbox/logins", { generation: "v2" });
  const other = await sandbox.send("POST", "/_sandbox/logins", { generation: "v2" });
  const { refresh_token, open_id } = login.json;
  assert.deepEqual((await sandbox.send("POST", "/_sandbox/revoke", { refresh_token })).json, { revoked: 1 });
  assert.equal((await sandbox.refresh(text(refresh_token))).json.code, 20064);
  assert.deepEqual((await sandbox.send("POST", "/_sandbox/revoke", { open_id })).json, { revoked: 1 });
  assert.equal((await sandbox.refresh(text(other.json.refresh_token))).json.code, 20064);
  assert.deepEqual((await sandbox.send("POST", "/_sandbox/revoke", { refresh_token: "x" })).json, {
    revoked: 0,
  });
});

Deno.test("POST /_sandbox/revoke revokes a user's access token and leaves the refresh token", async () => {
  await using sandbox = await ListeningSandbox.start();
  const { access_token, refresh_token } =
    (await sandbox.send("POST", "/_sandbox/logins", { generation: "v2" }))
      .json;
  assert.deepEqual((await sandbox.send("POST", "/_sandbox/revoke", { access_token })).json, { revoked: 1 });
  assert.deepEqual((await sandbox.send("POST", "/_sandbox/revoke", { access_token })).json, { revoked: 0 });
  assert.equal((await sandbox.refresh(text(refresh_token))).json.code, 0);
});

Deno.test("GET /_sandbox/state shows apps, users, families and live tokens, and no secret or token", async () => {
  await using sandbox = await ListeningSandbox.start();
  const login = await sandbox.send("POST", "/_sandbox/logins", { generation: "v2" });
  const rotated = await sandbox.refresh(text(login.json.refresh_token));
  const tenant = await sandbox.tenantToken();
  const state = await sandbox.send("GET", "/_sandbox/state");
  assert.deepEqual(Object.keys(state.json), [
    "now",
    "offset_seconds",
    "apps",
    "users",
    "families",
    "access_tokens",
  ]);
  assert.match(state.text, /cli_5a4db0c000000001/);
  assert.match(state.text, /cli_5a4db0c000000002/);
  const secrets = [
    "sandboxSecretThatOpensNothing",
    text(login.json.access_token),
    text(login.json.refresh_token),
    text(login.json.code),
    text(rotated.json.access_token),
    text(rotated.json.refresh_token),
    text(tenant.json.tenant_access_token),
  ];
  for (const secret of secrets) assert(!state.text.includes(secret));
});

Deno.test("GET /_sandbox/state shows access tokens until they expire", async () => {
  await using sandbox = await ListeningSandbox.start();
  await sandbox.tenantToken();
  const count = async (): Promise<unknown> => {
    const { access_tokens } = (await sandbox.send("GET", "/_sandbox/state")).json;
    assert(Array.isArray(access_tokens));
    return access_tokens.length;
  };
  assert.equal(await count(), 1);
  sandbox.clock.advance(7_200_000);
  assert.equal(await count(), 0);
});

Deno.test("POST /_sandbox/reset makes everything as at start, but the clock's seq goes on", async () => {
  await using sandbox = await ListeningSandbox.start();
  const fresh = (await sandbox.send("GET", "/_sandbox/state")).text;
  const token = await sandbox.logIn("v2");
  const tenant = await sandbox.tenantToken();
  await sandbox.send("POST", "/_sandbox/clock", { advance_seconds: 5 });
  await sandbox.fault({ kind: "http" });
  assert.equal((await sandbox.send("POST", "/_sandbox/reset")).json.offset_seconds, 0);
  assert.equal((await sandbox.send("GET", "/_sandbox/state")).text, fresh);
  assert.deepEqual(await sandbox.calls(), []);
  assert.deepEqual((await sandbox.send("GET", "/_sandbox/faults")).json, { faults: [] });
  assert.equal((await sandbox.send("GET", "/_sandbox/clock")).json.seq, 2);
  assert.equal((await sandbox.refresh(token)).json.code, 20026);
  assert.notEqual((await sandbox.tenantToken()).json.tenant_access_token, tenant.json.tenant_access_token);
  assert.equal((await sandbox.calls())[0]?.seq, 1);
});

Deno.test.each([
  ["logins", "{", /not JSON; send \{generation: "v1"/],
  ["logins", {}, /generation: .*; send \{generation/],
  ["logins", { generation: "v9" }, /generation: /],
  ["logins", { generation: "v2", app_id: "cli_nobody" }, /app_id is unknown; send cli_5a4db0c000000001 or/],
  ["logins", { generation: "v2", extra: 1 }, /extra/],
  ["clock", { advance_seconds: "1" }, /advance_seconds: .*; send \{advance_seconds: number\}/],
  ["clock", { advance_seconds: 1e300 }, /advance_seconds: /],
  ["faults", { kind: "explode" }, /kind: .*"drop_after"/],
  ["faults", { kind: "slow", path: "(" }, /path: not a regular expression/],
  ["faults", { kind: "slow", times: 0 }, /times: /],
  ["faults", { kind: "slow", delay: 1 }, /delay/],
  ["faults", { kind: "hang", client: "" }, /client: /],
  ["clients", {}, /name: .*; send \{name, clock_skew_seconds\?\}/],
  ["clients", { name: "one", clock_skew_seconds: "1" }, /clock_skew_seconds: /],
  ["revoke", {}, /send \{refresh_token\}, \{open_id\} or \{access_token\}/],
  ["revoke", { refresh_token: "x", open_id: "y" }, /send \{refresh_token\}, \{open_id\} or /],
])("POST /_sandbox/%s answers 400 with what to send for %j", async (name, body, expected) => {
  await using sandbox = await ListeningSandbox.start();
  const { status, json } = await sandbox.send("POST", `/_sandbox/${name}`, body);
  assert.equal(status, 400);
  assert.match(text(json.error), expected);
});

Deno.test.each([
  ["GET", "clock?after=x", /Cannot read after/],
  ["GET", "calls?after=-1", /Cannot read after/],
  ["DELETE", "faults?id=one", /Cannot read id/],
  ["DELETE", "clients", /send \?name=NAME/],
])("%s /_sandbox/%s answers 400 with what to send", async (method, name, expected) => {
  await using sandbox = await ListeningSandbox.start();
  const { status, json } = await sandbox.send(method, `/_sandbox/${name}`);
  assert.equal(status, 400);
  assert.match(text(json.error), expected);
});

Deno.test.each([["GET", "nothing"], ["DELETE", "clock"], ["GET", "toString"]])(
  "answerControl() answers 404 with the known calls for %s /_sandbox/%s",
  async (method, name) => {
    await using sandbox = await ListeningSandbox.start();
    const { status, json } = await sandbox.send(method, `/_sandbox/${name}`);
    assert.equal(status, 404);
    assert.match(text(json.error), /POST \/_sandbox\/logins/);
  },
);

Deno.test.each([
  ["127.0.0.1:1", 200],
  ["localhost:80", 200],
  ["[::1]", 200],
  ["evil.example", 403],
  ["127.0.0.1.evil.example", 403],
  ["localhost.evil.example:8082", 403],
])("answerControl() judges Host %s with %i", async (host, status) => {
  await using sandbox = await ListeningSandbox.start();
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: sandbox.port });
  const request = `GET /_sandbox/state HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  assert.match(await new Response(connection.readable).text(), new RegExp(`^HTTP/1\\.1 ${status} `));
});

Deno.test.each([
  ["http://localhost:3000", 200],
  ["http://127.0.0.1", 200],
  ["https://[::1]:6274", 200],
  ["https://evil.example", 403],
  ["http://localhost.evil.example", 403],
  ["http://evil.example:8082", 403],
  ["http://localhost@evil.example", 403],
  ["http://localhost/evil", 403],
  ["chrome-extension://localhost", 403],
  ["null", 403],
  ["", 403],
])("answerControl() judges a page of Origin %j with %i", async (origin, status) => {
  await using sandbox = await ListeningSandbox.start();
  const response = await fetch(`${sandbox.url}/_sandbox/reset`, { method: "POST", headers: { origin } });
  await response.body?.cancel();
  assert.equal(response.status, status);
});

Deno.test("answerControl() judges the address of the request line as well as Host", async () => {
  await using sandbox = await ListeningSandbox.start();
  const head = "POST http://evil.example/_sandbox/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n";
  assert.match(await rawHttp(sandbox.port, `${head}Connection: close\r\n\r\n`), /^HTTP\/1\.1 403 /);
});
