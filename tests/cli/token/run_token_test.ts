import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { ListeningSandbox } from "../../sandbox/served_sandbox.ts";
import { CommandHome, credentialsOf } from "./token_platform.ts";

const PLANTED = "ur-plantedPlantedPlantedPlantedPlanted";

Deno.test("`token app` prints the token and nothing else", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const { exitCode, stdout, stderr } = await home.run(["token", "app"], { env: credentialsOf(sandbox) });
  assert.match(stdout, /^t-[A-Za-z0-9]+\n$/);
  assert.deepEqual([exitCode, stderr], [0, ""]);
});

Deno.test("`token app` hands out the kept token when it is asked again", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const env = credentialsOf(sandbox);
  const first = await home.run(["token", "app"], { env });
  assert.equal((await home.run(["token", "app"], { env })).stdout, first.stdout);
  assert.equal((await sandbox.calls()).length, 1);
});

Deno.test("`token app` answers as the MCP tool when JSON is asked for", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const { stdout } = await home.run(["token", "app", "--format", "json"], { env: credentialsOf(sandbox) });
  const answer = JSON.parse(stdout);
  assert.deepEqual(Object.keys(answer), ["app_access_token", "expires_at", "expires_in"]);
  assert.ok(answer.expires_in > 7190 && answer.expires_in <= 7200);
});

Deno.test("`token app` prints a variable when env is asked for", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const { stdout } = await home.run(["token", "app", "--format", "env"], { env: credentialsOf(sandbox) });
  assert.match(stdout, /^FEISHU_APP_ACCESS_TOKEN=t-[A-Za-z0-9]+\n$/);
});

Deno.test("`token tenant` prints the token and nothing else, from the tenant's endpoint", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const env = credentialsOf(sandbox);
  const { exitCode, stdout, stderr } = await home.run(["token", "tenant"], { env });
  assert.match(stdout, /^t-[A-Za-z0-9]+\n$/);
  assert.deepEqual([exitCode, stderr], [0, ""]);
  assert.equal((await home.run(["token", "tenant"], { env })).stdout, stdout);
  assert.deepEqual((await sandbox.calls()).map(({ path }) => path), [
    "/open-apis/auth/v3/tenant_access_token/internal",
  ]);
});

Deno.test("`token tenant` answers as the MCP tool, or with a variable, when that is asked for", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const env = credentialsOf(sandbox);
  const json = await home.run(["token", "tenant", "--json", "--min-ttl", "600"], { env });
  assert.deepEqual(Object.keys(JSON.parse(json.stdout)), ["tenant_access_token", "expires_at", "expires_in"]);
  const { stdout } = await home.run(["token", "tenant", "--format", "env"], { env });
  assert.match(stdout, /^FEISHU_TENANT_ACCESS_TOKEN=t-[A-Za-z0-9]+\n$/);
});

Deno.test.each([
  ["a header", (token: string) => `Bearer ${token}`],
  ["quotes", (token: string) => `"${token}"`],
  ["a variable", (token: string) => `FEISHU_REFRESH_TOKEN='${token}'`],
  [
    "the whole answer",
    (token: string) => JSON.stringify({ access_token: "u-a", refresh_token: token }, null, 2),
  ],
])("`token refresh` takes the refresh token as it was pasted: %s", async (_name, pasted) => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const stdin = pasted(await sandbox.logIn("v1"));
  const { exitCode, stdout } = await home.run(["token", "refresh"], { env: credentialsOf(sandbox), stdin });
  assert.equal(exitCode, 0);
  assert.match(stdout, /^u-/);
});

Deno.test("`token refresh` refuses an access token before anything is sent", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const given = { env: credentialsOf(sandbox), stdin: "Bearer u-plantedPlantedPlanted" };
  const { exitCode, stderr } = await home.run(["token", "refresh"], given);
  assert.equal(exitCode, 2);
  assert.match(stderr, /must be a refresh token, but this is a user access token; use the refresh_token/);
  assert.doesNotMatch(stderr, /planted/i);
  assert.deepEqual(await sandbox.calls(), []);
});

Deno.test.each([
  [
    "wrong secret",
    { FEISHU_APP_SECRET: "not-the-secret-of-this-app-at-all" },
    /this is not its app secret\. Copy the App Secret again/,
  ],
  [
    "unknown app",
    { FEISHU_APP_ID: "cli_5a4db0c0ffffffff" },
    /knows no app with this app id\. Compare FEISHU_APP_ID/,
  ],
])("`token app` says which of the two halves is wrong: %s", async (_name, wrong, said) => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const env = { ...credentialsOf(sandbox), ...wrong };
  const { exitCode, stderr } = await home.run(["token", "app"], { env });
  assert.equal(exitCode, 3);
  assert.match(stderr, said);
  assert.match(stderr, /\(credentials_refused, Feishu code 100(?:14|03)/);
});

/** A gateway in front of Feishu that answers every call with a page, and asks to wait `retryAfter` seconds. */
function gatewayPage(retryAfter: number): typeof fetch {
  const headers = { "retry-after": String(retryAfter) };
  return () => Promise.resolve(new Response("<html>", { status: 503, headers }));
}

Deno.test("`token app` waits for a pause that an earlier run keeps, and answers since the trouble is over", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const env = credentialsOf(sandbox);
  assert.equal((await home.run(["token", "app"], { env, fetch: gatewayPage(3) })).exitCode, 5);
  const second = await home.run(["token", "app"], { env });
  assert.deepEqual([second.exitCode, second.stderr], [0, ""]);
  assert.match(second.stdout, /^t-/);
});

Deno.test("`token app` tells the first cause and the seconds left when a pause is longer than 10 seconds", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const env = credentialsOf(sandbox);
  const first = await home.run(["token", "app"], { env, fetch: gatewayPage(30) });
  assert.match(first.stderr, /HTTP 503, no JSON object/);
  const { exitCode, stderr } = await home.run(["token", "app"], { env });
  assert.equal(exitCode, 5);
  assert.match(stderr, /: HTTP 503, no JSON object .*again in (?:2\d|3[01]) s/);
  assert.deepEqual(await sandbox.calls(), []);
});

Deno.test("`token refresh` prints the pair as variables when env is asked for", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const stdin = `${await sandbox.logIn("v1")}\n`;
  const args = ["token", "refresh", "--format", "env"];
  const { stdout, stderr } = await home.run(args, { env: credentialsOf(sandbox), stdin });
  assert.match(stdout, /^FEISHU_USER_ACCESS_TOKEN=u-[\w-]+\nFEISHU_REFRESH_TOKEN=ur-[\w-]+\n$/);
  assert.equal(stderr, "");
});

Deno.test("`token refresh` has the pair in the store when it has ended: the same token gets it again", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const given = { env: credentialsOf(sandbox), stdin: await sandbox.logIn("v2") };
  const first = JSON.parse((await home.run(["token", "refresh", "--json"], given)).stdout);
  const again = JSON.parse((await home.run(["token", "refresh", "--json"], given)).stdout);
  assert.deepEqual([first.replayed, again.replayed], [false, true]);
  assert.equal(again.refresh_token, first.refresh_token);
});

Deno.test("`token refresh` finds what version 0.1.0 kept for an app of Lark that it took for one of Feishu", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const stdin = await sandbox.logIn("v2");
  const args = ["token", "refresh", "--json"];
  // That version named records by the brand alone, which is feishu where nothing is set.
  const kept = await home.run(args, { env: credentialsOf(sandbox), stdin });
  const { refresh_token } = JSON.parse(kept.stdout);
  const env = { ...credentialsOf(sandbox), FEISHU_BASE_URL: "https://open.larksuite.com/open-apis" };
  const fetch = (): Promise<Response> => Promise.reject(new TypeError("Nothing is to be sent"));
  const again = JSON.parse((await home.run(args, { env, stdin, fetch })).stdout);
  assert.deepEqual([again.replayed, again.refresh_token], [true, refresh_token]);
});

Deno.test.each([
  ["the brand is told", { FEISHU_BRAND: "lark" }, { FEISHU_BRAND: "feishu" }],
  ["the brand is told no longer", { FEISHU_BASE_URL: "https://open.larksuite.com" }, {
    FEISHU_BRAND: "lark",
  }],
])("`token refresh` finds what was kept under the other brand when %s", async (_case, now, before) => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const stdin = await sandbox.logIn("v2");
  const args = ["token", "refresh", "--json"];
  const app = credentialsOf(sandbox);
  const first = JSON.parse((await home.run(args, { env: { ...app, ...before }, stdin })).stdout);
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    // As Lark's own hosts would be answered.
    const { pathname } = new URL(String(input));
    asked.push(pathname);
    return await globalThis.fetch(`${sandbox.url}${pathname}`, init);
  };
  const { FEISHU_BASE_URL: _url, ...pair } = app;
  const env = { ...pair, ...now };
  const again = JSON.parse((await home.run(args, { env, stdin, fetch })).stdout);
  assert.deepEqual([again.replayed, again.refresh_token, asked], [true, first.refresh_token, []]);

  // Renewed at last, it has one successor, whichever token of the chain is presented.
  await sandbox.send("POST", "/_sandbox/clock", { advance_seconds: 7_200 });
  const aheadMs = 7_200_000;
  const renewed = JSON.parse((await home.run(args, { env, stdin, fetch, aheadMs })).stdout);
  assert.notEqual(renewed.refresh_token, first.refresh_token);
  for (const presented of [stdin, first.refresh_token]) {
    const same = JSON.parse((await home.run(args, { env, stdin: presented, fetch, aheadMs })).stdout);
    assert.deepEqual([same.replayed, same.refresh_token], [true, renewed.refresh_token]);
  }
  assert.equal(asked.filter((path) => path.includes("/oauth/token")).length, 1, asked.join());
});

Deno.test("`token app` asks the hosts of the brand that an official base URL names", async () => {
  await using home = await CommandHome.make();
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = (input) => {
    asked.push(String(input));
    return Promise.reject(new TypeError("fetch failed"));
  };
  const env = {
    FEISHU_APP_ID: "cli_a1b2c3d4",
    FEISHU_APP_SECRET: "made-up",
    FEISHU_BASE_URL: "https://open.larksuite.com/open-apis/",
  };
  await home.run(["token", "app"], { env, fetch });
  assert.ok(asked.length > 0);
  for (const url of asked) {
    assert.equal(url, "https://open.larksuite.com/open-apis/auth/v3/app_access_token/internal");
  }
});

Deno.test.each([
  ["a placeholder", "cli_your_app_id", "planted-secret"],
  ["exchanged halves", "planted-secret", "cli_a1b2c3d4"],
])("`token app` sends nothing for %s", async (_case, FEISHU_APP_ID, FEISHU_APP_SECRET) => {
  await using home = await CommandHome.make();
  const fetch = (): Promise<Response> => {
    throw new assert.AssertionError({ message: "Feishu was asked" });
  };
  const { exitCode, stderr } = await home.run(["token", "app"], {
    env: { FEISHU_APP_ID, FEISHU_APP_SECRET },
    fetch,
  });
  assert.equal(exitCode, 3);
  assert.match(stderr, /nothing was sent to Feishu/);
  assert.doesNotMatch(stderr, /planted|a1b2c3d4/);
});

Deno.test.each([["text", ["--format", "text"]], ["no", []]])(
  "`token refresh` with a store in memory refuses %s format before anything is presented",
  async (_name, format) => {
    await using sandbox = await ListeningSandbox.start();
    await using home = await CommandHome.make();
    const given = { env: credentialsOf(sandbox), stdin: await sandbox.logIn("v1") };
    const { exitCode, stdout, stderr } = await home.run(
      ["token", "refresh", "--kv", ":memory:", ...format],
      given,
    );
    assert.deepEqual([exitCode, stdout, await sandbox.calls()], [2, "", []]);
    assert.match(
      stderr,
      /^feishu-token-mcp: The store is in memory, .*: the new refresh token would be lost\. Use/,
    );
  },
);

Deno.test("`token refresh` with a store in memory that a variable names refuses text just so", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const env = { ...credentialsOf(sandbox), FEISHU_TOKEN_KV: ":memory:" };
  const { exitCode } = await home.run(["token", "refresh"], { env, stdin: await sandbox.logIn("v1") });
  assert.deepEqual([exitCode, await sandbox.calls()], [2, []]);
});

Deno.test("`token refresh` on an embedded sandbox refuses text just so, and starts none", async () => {
  await using home = await CommandHome.make();
  const { exitCode, stdout, stderr } = await home.run(["token", "refresh", "--sandbox"], { stdin: PLANTED });
  assert.deepEqual([exitCode, stdout], [2, ""]);
  assert.match(stderr, /^feishu-token-mcp: The store is in memory, [^\n]*\n$/);
});

Deno.test.each(["json", "env"])(
  "`token refresh` with a store in memory prints the whole pair as %s",
  async (format) => {
    await using sandbox = await ListeningSandbox.start();
    await using home = await CommandHome.make();
    const given = { env: credentialsOf(sandbox), stdin: await sandbox.logIn("v1") };
    const { exitCode, stdout } = await home.run(
      ["token", "refresh", "--kv", ":memory:", "--format", format],
      given,
    );
    assert.equal(exitCode, 0);
    assert.match(stdout, /refresh_token/i);
  },
);

Deno.test("`token app` with a store in memory prints the token", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const { exitCode, stdout } = await home.run(["token", "app", "--kv", ":memory:"], {
    env: credentialsOf(sandbox),
  });
  assert.equal(exitCode, 0);
  assert.match(stdout, /^t-/);
});

Deno.test("`token refresh` prints the access token alone when no format is asked for", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const stdin = await sandbox.logIn("v1");
  const { stdout } = await home.run(["token", "refresh"], { env: credentialsOf(sandbox), stdin });
  assert.match(stdout, /^u-[\w-]+\n$/);
});

Deno.test.each([
  [
    "what `export` has made of two lines",
    "u-planted\nFEISHU_REFRESH_TOKEN=ur-planted\n",
    'Standard input holds several lines of --format env: `export "$(…)"` has put all of them into the first',
  ],
])(
  "`token refresh` says what a shell has made of it when standard input holds %s",
  async (_case, stdin, said) => {
    await using home = await CommandHome.make();
    const env = { FEISHU_APP_ID: "cli_a1b2c3", FEISHU_APP_SECRET: "made-up" };
    const fetch = (): Promise<Response> => {
      throw new assert.AssertionError({ message: "Feishu was asked" });
    };
    const { exitCode, stderr } = await home.run(["token", "refresh"], { env, stdin, fetch });
    assert.equal(exitCode, 2);
    assert.ok(stderr.includes(said), stderr);
    assert.doesNotMatch(stderr, /planted/);
  },
);

Deno.test.each([
  ["no credentials", ["token", "app"], {}, 3, "No Feishu app credentials are configured"],
  [
    "half of them",
    ["token", "app"],
    { FEISHU_APP_ID: "cli_a1b2c3" },
    3,
    "Only half of the Feishu app credentials",
  ],
  ["another format", ["token", "app", "--format", "yaml"], {}, 2, "--format must be text, json or env"],
  [
    "no number",
    ["token", "app", "--min-ttl", "5m"],
    {},
    2,
    "--min-ttl must be a whole number from 0 to 7200",
  ],
  ["too large a number", ["token", "app", "--min-ttl", "7201"], {}, 2, "--min-ttl must be a whole number"],
  [
    "a flag of the other word",
    ["token", "refresh", "--min-ttl", "1"],
    {},
    2,
    "--min-ttl is not a flag of the command token refresh",
  ],
  [
    "nothing on standard input",
    ["token", "refresh"],
    {},
    2,
    "What standard input holds must be a refresh token",
  ],
  ["a setting that cannot be read", ["token", "app"], { FEISHU_BRAND: "feisu" }, 2, "FEISHU_BRAND must be"],
  ["no word", ["token"], {}, 2, "token must be followed by app, tenant, user or refresh"],
])(
  "`token` says in one line what is wrong when there is %s",
  async (_name, args, env, exitCode, beginning) => {
    await using home = await CommandHome.make();
    const end = await home.run(args, { env: { ...env } });
    assert.equal(end.exitCode, exitCode);
    assert.equal(end.stdout, "");
    assert.ok(end.stderr.startsWith(`feishu-token-mcp: ${beginning}`), end.stderr);
    assert.equal(end.stderr.split("\n").length, 2);
  },
);

Deno.test("`token` writes the failure as one object when JSON is asked for", async () => {
  await using home = await CommandHome.make();
  const { stderr } = await home.run(["token", "app", "--json"]);
  const { code, kind } = JSON.parse(stderr);
  assert.deepEqual([code, kind], ["credentials_missing", "config"]);
});

Deno.test("`token` writes a command line that is wrong as one object when JSON is asked for", async () => {
  await using home = await CommandHome.make();
  const { stderr, exitCode } = await home.run(["token", "app", "--format", "json", "--prot"]);
  assert.deepEqual([JSON.parse(stderr).code, exitCode], ["input_invalid", 2]);
});

Deno.test("`token` refuses formats that contradict each other", async () => {
  await using home = await CommandHome.make();
  const { stderr } = await home.run(["token", "app", "--json", "--format", "text"]);
  assert.equal(JSON.parse(stderr).message, "--json and --format text contradict each other");
});

Deno.test("`token app` ends with the code of the store when that cannot be opened", async () => {
  await using home = await CommandHome.make();
  await Deno.writeTextFile(`${home.path}/file`, "");
  const { stderr, exitCode } = await home.run(["token", "app", "--kv", `${home.path}/file/tokens.kv`]);
  assert.equal(exitCode, 7);
  assert.match(
    stderr,
    /^feishu-token-mcp: Cannot make the folder .*; name another place with --kv PATH or FEISHU_TOKEN_KV\n$/,
  );
});

Deno.test("`token app` ends with the code of a rate limit and says when to come back", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  await sandbox.fault({ kind: "rate_limit", ms: 30_000 });
  const { stderr, exitCode } = await home.run(["token", "app"], { env: credentialsOf(sandbox) });
  assert.equal(exitCode, 5);
  assert.match(stderr, /Try again in \d+ s\. \(rate_limited, Feishu code 99991400, log id \w+\)\n$/);
});

Deno.test("`token refresh` ends with the code of a login when the token was revoked", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const stdin = await sandbox.logIn("v2");
  await sandbox.send("POST", "/_sandbox/revoke", { refresh_token: stdin });
  const { exitCode, stderr } = await home.run(["token", "refresh"], { env: credentialsOf(sandbox), stdin });
  assert.equal(exitCode, 4);
  assert.equal(stderr.includes(stdin), false);
});

Deno.test.each([
  [["token", "refresh", PLANTED]],
  [["token", PLANTED]],
  [["token", "refresh", "--refresh-token", PLANTED]],
  [["token", "refresh", `--refresh-token=${PLANTED}`]],
])("`token refresh` refuses a token on the command line and does not repeat it: %j", async (args) => {
  await using home = await CommandHome.make();
  const { exitCode, stdout, stderr } = await home.run(args);
  assert.deepEqual([exitCode, stdout], [2, ""]);
  assert.match(stderr, /read from standard input/);
  assert.equal(stderr.includes(PLANTED.slice(3)), false);
});

Deno.test("`token refresh` refuses a terminal, which would show the token", async () => {
  await using home = await CommandHome.make();
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const { exitCode, stderr } = await home.run(["token", "refresh"], { stdin });
  assert.equal(exitCode, 2);
  assert.match(stderr, /that is a terminal/);
});

Deno.test("`token refresh` refuses what has no end", async () => {
  await using home = await CommandHome.make();
  const { exitCode, stderr } = await home.run(["token", "refresh"], { stdin: "x".repeat(70_000) });
  assert.equal(exitCode, 2);
  assert.match(stderr, /too long for a refresh token/);
});

Deno.test("`token app --sandbox` says what helps when a sandbox runs already", async () => {
  await using home = await CommandHome.make();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = String(taken.addr.port);
  const { exitCode, stderr } = await home.run(["token", "app", "--sandbox", "--sandbox-port", port]);
  assert.equal(exitCode, 2);
  assert.match(stderr, new RegExp(`in use; choose another .*--sandbox-url http://127\\.0\\.0\\.1:${port}`));
});

Deno.test("`token app` says that there is no sandbox when none runs at the address", async () => {
  await using home = await CommandHome.make();
  const unreachable = (): Promise<Response> => Promise.reject(new TypeError("fetch failed"));
  const args = ["token", "app", "--sandbox-url", "http://127.0.0.1:9"];
  const { exitCode, stderr } = await home.run(args, { fetch: unreachable });
  assert.equal(exitCode, 5);
  assert.match(stderr, /^feishu-token-mcp: There is no sandbox at http:\/\/127\.0\.0\.1:9/);
});
