import assert from "node:assert/strict";
import { z } from "zod";
import { errorCode } from "../clients/expected_answers.ts";
import { toolCall } from "../mcp/test_server.ts";
import { eventually } from "../support/eventually.ts";
import type { Program } from "./program.ts";
import { World } from "./world.ts";

const ALICE = "planted-key-of-alice-0123456789abcdef";
const BOB = "planted-key-of-bob-0123456789abcdef-";
const NEXT_BOB = "planted-next-key-of-bob-0123456789abcdef";
const STRANGER = "planted-key-of-a-stranger-0123456789abcdef";
const ANYWHERE = ["--host", "0.0.0.0", "--log-level", "debug"];

const StartedSchema = z.object({ login_id: z.string(), user_code: z.string() });
const FinishedSchema = z.object({ status: z.string() });
const TokenSchema = z.object({ access_token: z.string(), user: z.object({ name: z.string() }) });
const ListSchema = z.object({ logins: z.array(z.object({ user: z.object({ name: z.string() }) })) });
const ResultSchema = z.object({ result: z.object({ structuredContent: z.unknown().optional() }).loose() });

type ToolResult = z.infer<typeof ResultSchema>["result"];

/** A server on 0.0.0.0, as a caller with `key` meets it. */
class Caller {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, key?: string, headers: Record<string, string> = {}) {
    this.#url = url;
    this.#headers = { ...headers, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
  }

  async send(name: string, args: Record<string, unknown> = {}): Promise<Response> {
    return await fetch(this.#url, {
      method: "POST",
      headers: {
        "accept": "application/json, text/event-stream",
        "content-type": "application/json",
        ...this.#headers,
      },
      body: JSON.stringify(toolCall(name, args)),
    });
  }

  async call(name: string, args: Record<string, unknown> = {}): Promise<ToolResult> {
    const response = await this.send(name, args);
    assert.equal(response.status, 200);
    return ResultSchema.parse(await response.json()).result;
  }

  async status(name = "list_feishu_logins"): Promise<number> {
    const response = await this.send(name);
    await response.body?.cancel();
    return response.status;
  }

  /** Logs in by the tools as the person `user`; the handle of the login. */
  async logIn(world: World, user: string): Promise<string> {
    const { structuredContent } = await this.call("start_feishu_login", { scopes: "docx:document" });
    const { login_id, user_code } = StartedSchema.parse(structuredContent);
    await world.feishu.decide(user_code, "approve", user);
    let status = "";
    await eventually(() => `done, not ${status}`, async () => {
      const finished = await this.call("finish_feishu_login", { login_id });
      ({ status } = FinishedSchema.parse(finished.structuredContent));
      return status !== "pending";
    });
    assert.equal(status, "done");
    return login_id;
  }

  async token(): Promise<z.infer<typeof TokenSchema>> {
    return TokenSchema.parse((await this.call("get_feishu_user_token")).structuredContent);
  }

  async people(): Promise<string[]> {
    const { structuredContent } = await this.call("list_feishu_logins");
    return ListSchema.parse(structuredContent).logins.map(({ user }) => user.name);
  }
}

/** Ends a server and checks that its log holds no key. */
async function endQuietly(server: Program): Promise<string> {
  server.kill("SIGTERM");
  const { code, stderr } = await server.end();
  assert.equal(code, 0);
  assert.doesNotMatch(stderr, /planted/);
  return stderr;
}

Deno.test("two keys, two people, one server on 0.0.0.0: nobody meets the other's login, and strangers get 401", async () => {
  await using world = await World.create();
  const env = { ...await world.env(), FEISHU_TOKEN_CALLER_KEYS: `alice=${ALICE},bob=${BOB}` };
  const server = await world.start({ env, args: ANYWHERE });
  const url = await server.listens();
  await server.says(/other machines can connect/);
  const [alice, bob] = [new Caller(url, ALICE), new Caller(url, BOB)];
  await alice.call("get_feishu_app_token");
  const loginOfAlice = await alice.logIn(world, "Zhang San");
  assert.equal(errorCode(await bob.call("get_feishu_user_token")), "not_logged_in");
  await bob.logIn(world, "Li Si");

  const [tokenOfAlice, tokenOfBob] = [await alice.token(), await bob.token()];
  assert.deepEqual([tokenOfAlice.user.name, tokenOfBob.user.name], ["Zhang San", "Li Si"]);
  assert.notEqual(tokenOfAlice.access_token, tokenOfBob.access_token);
  assert.deepEqual([await alice.people(), await bob.people()], [["Zhang San"], ["Li Si"]]);
  const other = { user: "Zhang San" };
  assert.equal(errorCode(await bob.call("get_feishu_user_token", other)), "not_logged_in");
  assert.equal(errorCode(await bob.call("revoke_feishu_login", other)), "not_logged_in");
  assert.equal(
    errorCode(await bob.call("finish_feishu_login", { login_id: loginOfAlice })),
    "login_not_found",
  );

  for (const stranger of [new Caller(url), new Caller(url, STRANGER), new Caller(url, `${ALICE}x`)]) {
    const response = await stranger.send("get_feishu_user_token");
    assert.equal(response.status, 401);
    assert.match(response.headers.get("www-authenticate") ?? "", /^Bearer\b/);
    assert.doesNotMatch(await response.text(), /cli_|Zhang|planted/);
  }
  const bare = await fetch(url);
  await bare.body?.cancel();
  assert.equal(bare.status, 401);
  for (const path of ["/healthz", "/readyz"]) {
    const probe = await fetch(new URL(path, url));
    await probe.body?.cancel();
    assert.equal(probe.status, 200);
  }

  assert.notEqual((await alice.call("revoke_feishu_login", other)).structuredContent, undefined);
  assert.deepEqual([await alice.people(), await bob.people()], [[], ["Li Si"]]);
  const log = await endQuietly(server);
  assert.match(log, /"event":"caller refused","why":"wrong_key"/);
  assert.ok(!log.includes(tokenOfAlice.access_token));
});

Deno.test("a key is exchanged in two starts, and the login of its name stays", async () => {
  await using world = await World.create();
  const base = await world.env();
  const start = async (keys: string): Promise<readonly [Program, string]> => {
    const server = await world.start({ env: { ...base, FEISHU_TOKEN_CALLER_KEYS: keys }, args: ANYWHERE });
    return [server, await server.listens()];
  };
  const [first, url] = await start(`bob=${BOB}`);
  await new Caller(url, BOB).logIn(world, "Li Si");
  assert.equal(await new Caller(url, NEXT_BOB).status(), 401);
  await endQuietly(first);
  const [second, both] = await start(`bob=${BOB} bob=${NEXT_BOB}`);
  for (const key of [BOB, NEXT_BOB]) assert.equal((await new Caller(both, key).token()).user.name, "Li Si");
  await endQuietly(second);
  const [third, only] = await start(`bob=${NEXT_BOB}`);
  assert.equal(await new Caller(only, BOB).status(), 401);
  assert.deepEqual(await new Caller(only, NEXT_BOB).people(), ["Li Si"]);
  await endQuietly(third);
});

Deno.test("secrets come from files, as containers mount them", async () => {
  await using world = await World.create();
  const { FEISHU_APP_SECRET = "", ...rest } = await world.env();
  const files = {
    FEISHU_APP_SECRET_FILE: `${FEISHU_APP_SECRET}\n`,
    FEISHU_TOKEN_KEY_FILE: `${new Uint8Array(32).fill(7).toBase64()}\n`,
    FEISHU_TOKEN_CALLER_KEYS_FILE: `alice=${ALICE}\nbob=${BOB}\n`,
  };
  const env: Record<string, string> = rest;
  for (const [name, text] of Object.entries(files)) {
    env[name] = `${world.home}/${name}`;
    await Deno.writeTextFile(`${world.home}/${name}`, text, { mode: 0o400 });
  }
  const server = await world.start({ env, args: ANYWHERE });
  const url = await server.listens();
  const alice = new Caller(url, ALICE);
  assert.notEqual((await alice.call("get_feishu_app_token")).structuredContent, undefined);
  await alice.logIn(world, "Zhang San");
  assert.deepEqual(await new Caller(url, BOB).people(), []);
  await endQuietly(server);
  const doctor = await (await world.run(["doctor"], { env })).end();
  assert.match(doctor.stdout, /FEISHU_APP_SECRET_FILE, .*FEISHU_TOKEN_KEY_FILE from the environment/);
  assert.doesNotMatch(doctor.stdout, /planted/);
  const twofold = await (await world.run([], { env: { ...env, FEISHU_APP_SECRET } })).end();
  assert.equal(twofold.code, 2);
  assert.match(twofold.stderr, /FEISHU_APP_SECRET and FEISHU_APP_SECRET_FILE are both set/);
});

Deno.test("main.ts ends with 2 where the keys of callers cannot be read, instead of letting everyone in", async () => {
  await using world = await World.create();
  const empty = `${world.home}/keys`;
  await Deno.writeTextFile(empty, "\n");
  const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
    [{ FEISHU_TOKEN_CALLER_KEYS: "alice=planted" }, /FEISHU_TOKEN_CALLER_KEYS: entry 1 has a key of fewer/],
    [{ FEISHU_TOKEN_CALLER_KEYS_FILE: empty }, /FEISHU_TOKEN_CALLER_KEYS_FILE: the file is empty/],
    [{ FEISHU_TOKEN_CALLER_KEYS_FILE: `${empty}2` }, /FEISHU_TOKEN_CALLER_KEYS_FILE: there is no such file/],
  ];
  for (const [settings, expected] of cases) {
    const env = { ...await world.env(), ...settings };
    const { code, stderr } = await (await world.run(["--port", "0"], { env })).end();
    assert.equal(code, 2);
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /planted/);
  }
});

Deno.test("with keys a program of this machine needs one too, and stdio needs none", async () => {
  await using world = await World.create();
  const env = { ...await world.env(), FEISHU_TOKEN_CALLER_KEYS: `alice=${ALICE}` };
  const server = await world.start({ env });
  const url = await server.listens();
  assert.equal(await new Caller(url).status(), 401);
  assert.deepEqual(await new Caller(url, ALICE).people(), []);
  const child = await world.start({ env, isStdio: true });
  await child.send({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "list_feishu_logins", arguments: {} },
  });
  await child.answers(/"logins":\[\]/);
});

Deno.test("a caller with a key may bring an app of its own, which counts before the server's", async () => {
  await using world = await World.create();
  const { FEISHU_APP_ID = "", FEISHU_APP_SECRET = "", ...rest } = await world.env();
  const env = { ...rest, FEISHU_TOKEN_CALLER_KEYS: `alice=${ALICE},bob=${BOB}` };
  const url = await (await world.start({ env, args: ANYWHERE })).listens();
  const app = { "x-feishu-app-id": FEISHU_APP_ID, "x-feishu-app-secret": FEISHU_APP_SECRET };
  assert.equal(await new Caller(url, undefined, app).status(), 401);
  await new Caller(url, ALICE, app).logIn(world, "Zhang San");
  assert.deepEqual(await new Caller(url, BOB, app).people(), []);
  assert.equal(errorCode(await new Caller(url, ALICE).call("get_feishu_app_token")), "credentials_missing");
});
