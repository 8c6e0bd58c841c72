import assert from "node:assert/strict";
import { World } from "./world.ts";

/** Checks that `stderr` is one line a pattern and nothing else, above all no stack trace. */
function assertLines(stderr: string, patterns: readonly RegExp[]): void {
  const lines = stderr.trimEnd().split("\n");
  assert.equal(lines.length, patterns.length, stderr);
  for (const [index, pattern] of patterns.entries()) {
    assert.match(lines[index] ?? "", pattern);
    assert.match(lines[index] ?? "", /^feishu-token-mcp: /);
  }
}

Deno.test.each<[string, readonly string[], readonly RegExp[]]>([
  ["a flag does not exist", ["--prot", "0"], [/Unknown flag --prot: did you mean --port\?/]],
  ["two flags do not exist", ["--prot", "--stdoi"], [/--prot/, /--stdoi/]],
  ["two values are wrong", ["--port", "abc", "--log-level", "loud"], [
    /--port must be/,
    /--log-level must be/,
  ]],
  ["the command does not exist", ["serv"], [/Unknown command serv/]],
  ["the app secret is on the command line", ["--app-secret", "planted"], [
    /secrets come from the environment/,
  ]],
  ["the address is not this machine's", ["--host", "192.0.2.1"], [/no such address; .*--host/]],
])("main.ts ends with 2 and one line a problem when %s", async (_case, args, patterns) => {
  await using world = await World.create();
  const env = await world.env();
  const { code, stderr, stdout } = await (await world.run([...args, "--kv", ":memory:"], { env })).end();
  assertLines(stderr, patterns);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.doesNotMatch(stderr, /planted/);
});

Deno.test.each<[string, (port: number) => readonly string[], RegExp]>([
  [
    "its port",
    (port) => ["--port", `${port}`],
    /Cannot listen on 127\.0\.0\.1:\d+: the port is in use; .*--port/,
  ],
  [
    "the sandbox's port",
    (port) => ["--port", "0", "--sandbox", "--sandbox-port", `${port}`],
    /sandbox cannot listen on 127\.0\.0\.1:\d+: the port is in use; .*--sandbox-port/,
  ],
  [
    "the port of the sandbox alone",
    (port) => ["sandbox", "--port", `${port}`],
    /sandbox cannot listen on 127\.0\.0\.1:\d+: the port is in use; .*--port/,
  ],
])("main.ts ends with 2 and one line when somebody has %s", async (_case, args, pattern) => {
  await using world = await World.create();
  using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const env = await world.env();
  const { code, stderr } = await (await world.run(args(other.addr.port), { env })).end();
  assertLines(stderr, [pattern]);
  assert.equal(code, 2);
});

Deno.test("main.ts ends with 2 and one line when HOME is not set", async () => {
  await using world = await World.create();
  const { HOME: _, ...env } = await world.bareEnv();
  const { code, stderr } = await (await world.run(["--port", "0"], { env })).end();
  assertLines(stderr, [/HOME is not set: .*--kv PATH/]);
  assert.equal(code, 2);
});

Deno.test.each<[string, string, RegExp]>([
  ["is a folder", "folder", /folder: it is a folder; .*--kv/],
  ["lies under a file", "file/tokens.kv", /file: .*--kv/],
  ["is no database", "file", /file is not a Deno KV file: .*--kv/],
])("main.ts ends with 2 and one line when the store's place %s", async (_case, place, pattern) => {
  await using world = await World.create();
  await Deno.mkdir(`${world.home}/folder`);
  await Deno.writeTextFile(
    `${world.home}/file`,
    "not a database, however long one looks at it\n".repeat(200),
  );
  const { code, stderr } = await (await world.run(["--port", "0", "--kv", `${world.home}/${place}`])).end();
  assertLines(stderr, [pattern]);
  assert.equal(code, 2);
});

Deno.test("main.ts ends with 2 and one line when no sandbox is where it was said to be", async () => {
  await using world = await World.create();
  const { code, stderr } = await (await world.run(["--port", "0", "--sandbox-url", "http://127.0.0.1:9"]))
    .end();
  assertLines(stderr, [/no sandbox at http:\/\/127\.0\.0\.1:9: .*deno task sandbox/]);
  assert.equal(code, 2);
});

Deno.test("main.ts refuses --host 0.0.0.0 when credentials are configured", async () => {
  await using world = await World.create();
  const server = await world.start({ args: ["--host", "0.0.0.0"] });
  const { code, stderr } = await server.end();
  assertLines(stderr, [
    /Refusing to listen on 0\.0\.0\.0:\d+: the app credentials .* --host 127\.0\.0\.1/,
  ]);
  assert.equal(code, 2);
});

Deno.test("main.ts refuses where DENO_SERVE_ADDRESS makes it listen when credentials are configured", async () => {
  await using world = await World.create();
  const env = { ...await world.env(), DENO_SERVE_ADDRESS: "tcp:0.0.0.0:0" };
  const { code, stderr } = await (await world.start({ env })).end();
  assertLines(stderr, [/Refusing to listen on 0\.0\.0\.0:\d+/]);
  assert.equal(code, 2);
});

Deno.test.each<[string, readonly string[]]>([
  ["--sandbox", ["--port", "0", "--sandbox", "--sandbox-port", "0"]],
  ["sandbox", ["sandbox", "--port", "0"]],
])("main.ts %s refuses where DENO_SERVE_ADDRESS would show the sandbox to others", async (_case, args) => {
  await using world = await World.create();
  const env = { ...await world.bareEnv(), DENO_SERVE_ADDRESS: "tcp:0.0.0.0:0" };
  const { code, stderr } = await (await world.run(args, { env })).end();
  assertLines(stderr, [/sandbox listens on 127\.0\.0\.1 alone, and DENO_SERVE_ADDRESS .*: unset it$/]);
  assert.equal(code, 2);
});
