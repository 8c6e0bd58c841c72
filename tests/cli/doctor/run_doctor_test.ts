import assert from "node:assert/strict";
import { shownCommand } from "../../../src/cli/command_line/shown_command.ts";
import { relative } from "node:path";
import { z } from "zod";
import { realMachine } from "../../../src/cli/doctor/doctor_machine.ts";
import { runDoctor } from "../../../src/cli/doctor/run_doctor.ts";
import { DEFAULT_SANDBOX_APP } from "../../../src/sandbox/sandbox_apps.ts";
import { ListeningSandbox } from "../../sandbox/served_sandbox.ts";
import { MemoryOutput } from "../../support/memory_output.ts";
import { CommandHome, credentialsOf, type Surroundings } from "../token/token_platform.ts";

const Report = z.object({
  ok: z.boolean(),
  version: z.string(),
  checks: z.array(z.strictObject({
    name: z.string(),
    status: z.enum(["ok", "warn", "fail", "skip"]),
    found: z.string(),
    next_step: z.string().optional(),
  })),
});

type Checks = z.infer<typeof Report>["checks"];

const MINUTE_MS = 60_000;

interface Diagnosis {
  readonly exitCode: number;
  readonly checks: Checks;
  /** Those that fail, as `name: found`. */
  readonly failed: readonly string[];
}

async function diagnose(
  home: CommandHome,
  surroundings: Surroundings,
  ...args: readonly string[]
): Promise<Diagnosis> {
  const { exitCode, stdout, stderr } = await home.run(["doctor", "--json", ...args], surroundings);
  assert.match(stderr, /^(sandbox http:.*\n)?$/);
  const { checks } = Report.parse(JSON.parse(stdout));
  const failed = checks.filter(({ status }) => status === "fail").map(({ name, found }) =>
    `${name}: ${found}`
  );
  return { exitCode, checks, failed };
}

function check(checks: Checks, name: string): Checks[number] {
  const found = checks.find((each) => each.name === name);
  assert.ok(found, `no check ${name}`);
  return found;
}

Deno.test("`doctor` finds nothing wrong when everything is well, and asks Feishu twice for it", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const { exitCode, checks, failed } = await diagnose(home, { env: credentialsOf(sandbox) });
  assert.deepEqual([exitCode, failed], [0, []]);
  assert.equal(check(checks, "app credentials").status, "ok");
  assert.deepEqual(await sandbox.outcomes(), [["refused", 10003], ["accepted", 0]]);
});

Deno.test("`doctor` prints one line for each check", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const { stdout } = await home.run(["doctor"], { env: credentialsOf(sandbox) });
  const [checks = "", summary = "", next = ""] = stdout.split("\n\n");
  for (const line of checks.split("\n")) assert.match(line, /^(ok {2}|warn|FAIL|skip) {2}[a-z ]+: \S/);
  assert.match(summary, /^\d+ ok, \d+ with warnings, 0 failed$/);
  assert.equal(next, `Next, start the server:\n  ${shownCommand(["start"])}\n`);
});

/** As the first use of a server or a command does. */
async function makeStore(home: CommandHome, surroundings: Surroundings): Promise<void> {
  const { exitCode, stderr } = await home.run(["token", "app"], surroundings);
  assert.equal(exitCode, 0, stderr);
}

/** What is in each file below `folder`. */
async function contentsOf(folder: string): Promise<[string, string][]> {
  return await Promise.all(
    (await pathsIn(folder)).map(async (path): Promise<[string, string]> => [
      path,
      (await Deno.stat(path)).isFile ? (await Deno.readFile(path)).toHex() : "folder",
    ]),
  );
}

/** What `doctor` says of the store when it is run by the user `userId`. */
async function storeChecksOfUser(
  userId: number,
  home: CommandHome,
  env: Record<string, string>,
): Promise<Checks> {
  const stdout = new MemoryOutput();
  const own = home.platform({ env });
  await runDoctor({
    platform: { ...own, stdout },
    sources: { flags: {}, env: own.env, file: {}, isTerminal: false },
    problems: [],
    ownFlags: { json: true },
    machine: { ...realMachine(own), userId: () => Promise.resolve(userId) },
  });
  return Report.parse(JSON.parse(stdout.text)).checks;
}

/** Every path below the home, in order. */
async function pathsIn(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    paths.push(path, ...isDirectory ? await pathsIn(path) : []);
  }
  return paths.sort();
}

Deno.test.each<[string, readonly string[]]>([
  ["the data directory", []],
  ["a folder that is there", ["--kv", "KV"]],
  ["a folder that is missing", ["--kv", "missing/KV"]],
])("`doctor` makes no store and no folder in %s, and says where a start would", async (_case, args) => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const placed = args.map((arg) => arg.startsWith("--") ? arg : `${home.path}/${arg}`);
  const { failed, checks } = await diagnose(home, { env: credentialsOf(sandbox) }, ...placed);
  assert.deepEqual([failed, await pathsIn(home.path)], [[], []]);
  const path = placed[1] ?? `${home.path}/.local/share/feishu-token-mcp/tokens.kv`;
  assert.equal(
    check(checks, "store").found,
    `${path}: none yet; a start makes it, and the folder is writable`,
  );
  assert.equal(
    check(checks, "store key").found,
    `none yet; a start makes a random one in the file ${path}.key`,
  );
});

Deno.test("`doctor` makes no store in an empty file", async () => {
  await using home = await CommandHome.make();
  const kv = `${home.path}/tokens.kv`;
  await Deno.writeTextFile(kv, "");
  const { checks } = await diagnose(home, { fetch: failingWith("dns error") }, "--kv", kv);
  assert.match(check(checks, "store").found, /none yet/);
  assert.deepEqual([await pathsIn(home.path), (await Deno.stat(kv)).size], [[kv], 0]);
});

Deno.test("`doctor` makes no store in a database on the network, and no folder for its journal", async () => {
  await using home = await CommandHome.make();
  const kv = `${home.path}/standing_in.kv`;
  (await Deno.openKv(kv)).close();
  const surroundings = {
    env: { FEISHU_TOKEN_KV: "https://kv.example/secret-path" },
    openKv: () => Deno.openKv(kv),
    fetch: failingWith("dns error"),
  };
  const { checks } = await diagnose(home, surroundings);
  assert.equal(
    check(checks, "store").found,
    "the database at https://kv.example: can be read, no store yet; a start makes it",
  );
  assert.equal(check(checks, "store journal").status, "ok");
  const database = await Deno.openKv(kv);
  assert.deepEqual(await Array.fromAsync(database.list({ prefix: [] })), []);
  database.close();
  assert.deepEqual((await pathsIn(home.path)).filter((path) => !path.startsWith(kv)), []);
});

Deno.test("`doctor` opens a store that is there, and says so", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  await makeStore(home, { env: credentialsOf(sandbox) });
  const { checks } = await diagnose(home, { env: credentialsOf(sandbox) });
  assert.match(check(checks, "store").found, /tokens\.kv: can be read and written, schema 1$/);
});

Deno.test("`doctor` looks at the store of another user and leaves it as it is", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const env = credentialsOf(sandbox);
  await makeStore(home, { env });
  const before = await contentsOf(home.path);
  const checks = await storeChecksOfUser(4_711, home, env);
  const { uid } = await Deno.stat(`${home.path}/.local/share/feishu-token-mcp/tokens.kv`);
  assert.match(
    check(checks, "store").found,
    new RegExp(`: intact; inspected and not opened, since it belongs to user ${uid}\\. `),
  );
  assert.equal(check(checks, "store key").status, "skip");
  assert.deepEqual(await contentsOf(home.path), before);
});

Deno.test("`doctor` ends with the command that comes next, with the flags that were checked", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const kv = `${home.path}/it's mine.kv`;
  const run = async (env: Record<string, string>, ...args: string[]): Promise<string> =>
    (await home.run(["doctor", ...args], { env })).stdout.trimEnd().split("\n").at(-1) ?? "";
  assert.equal(
    await run(credentialsOf(sandbox), "--kv", kv, "--stdio"),
    `  ${shownCommand(["start", "--stdio", "--kv"])} '${home.path}/it'\\''s mine.kv'`,
  );
  assert.equal(
    await run({ FEISHU_BASE_URL: sandbox.url }, "--port", "9"),
    `  ${shownCommand(["doctor", "--port", "9"])}`,
  );
  const secret = "http://user:planted@127.0.0.1:9/?key=planted";
  assert.doesNotMatch((await home.run(["doctor", "--kv", secret])).stdout, /planted/);
});

const CHINESE = /\p{Script=Han}/u;
const APP = { FEISHU_APP_ID: "cli_a1b2c3", FEISHU_APP_SECRET: "made-up" };

Deno.test.each<[string, Surroundings, readonly string[]]>([
  ["nothing is configured and there is no network", { fetch: failingWith("dns error") }, []],
  ["the store is in memory", { fetch: failingWith("tcp connect error") }, ["--kv", ":memory:"]],
  [
    "a proxy is dead",
    { env: { ...APP, HTTPS_PROXY: "http://127.0.0.1:9" }, fetch: failingWith("refused") },
    [],
  ],
  ["a proxy and an authority cannot be read", {
    env: { ...APP, HTTPS_PROXY: "http://a b", DENO_CERT: "/no/such/file" },
    fetch: failingWith("invalid peer certificate: UnknownIssuer"),
  }, []],
  ["the configuration cannot be read", {
    env: {
      FEISHU_TOKEN_PORT: "eighty",
      FEISHU_BRAND: "x",
      FEISHU_BASE_URL: "http://a",
      FEISHU_TOKEN_ALLOWED_HOSTS: "/",
    },
  }, ["--sandbox-port", "x", "--env-file", "/no/such/file"]],
  ["half a pair is there", { env: { FEISHU_APP_ID: "cli_a1b2c3" } }, ["--sandbox", "--sandbox-port", "0"]],
  ["there is no room for a journal", {
    env: { FEISHU_TOKEN_KV: "https://kv.example", HOME: "" },
    openKv: () => Deno.openKv(":memory:"),
    fetch: failingWith("refused"),
  }, []],
  ["there is no sandbox", { fetch: failingWith("refused") }, ["--sandbox-url", "http://127.0.0.1:9"]],
  ["the store cannot be made", { fetch: failingWith("refused") }, ["--kv", "/proc/no/tokens.kv"]],
  ["a key is none", { env: { FEISHU_TOKEN_KEY: "planted" }, fetch: failingWith("refused") }, []],
  ["standard input holds another token", { stdin: "u-abc", fetch: failingWith("refused") }, [
    "--refresh-token-stdin",
  ]],
])("`doctor` says everything in Chinese when %s", async (_case, surroundings, args) => {
  await using home = await CommandHome.make();
  const { checks } = await diagnose(home, surroundings, "--lang", "zh", ...args);
  for (const { name, found, next_step = "无" } of checks) {
    assert.match(found, CHINESE, `${name}: ${found}`);
    assert.match(next_step, CHINESE, `${name}: ${next_step}`);
  }
});

Deno.test("`doctor` tells where settings come from and not what they are", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  await Deno.writeTextFile(`${home.path}/env`, "FEISHU_APP_SECRET=planted-secret-0001\n");
  const env = { FEISHU_BASE_URL: sandbox.url, FEISHU_APP_ID: "cli_planted" };
  const args = ["doctor", "--env-file", `${home.path}/env`, "--json"];
  const { stdout } = await home.run(args, { env });
  const { found } = check(Report.parse(JSON.parse(stdout)).checks, "configuration");
  assert.match(
    found,
    /^--env-file from the command line; FEISHU_APP_ID, FEISHU_BASE_URL from the environment; /,
  );
  assert.match(found, /; FEISHU_APP_SECRET from the env file; \d+ settings at their defaults$/);
  assert.doesNotMatch(stdout, /planted/);
});

Deno.test("`doctor` names the wrong setting and does not ask anybody when the configuration cannot be read", async () => {
  await using home = await CommandHome.make();
  const env = { FEISHU_TOKEN_PORT: "eighty", FEISHU_APP_ID: "cli_a1b2c3", FEISHU_APP_SECRET: "made-up" };
  const refuse = (): Promise<Response> => Promise.reject(new TypeError("asked"));
  const { exitCode, checks, failed } = await diagnose(home, { env, fetch: refuse });
  assert.equal(exitCode, 1);
  assert.match(
    failed.join(),
    /^configuration: FEISHU_TOKEN_PORT must be a port from 0 to 65535, not "eighty"$/,
  );
  assert.equal(check(checks, "app credentials").status, "skip");
});

Deno.test("`doctor` names the network alone when there is none", async () => {
  await using home = await CommandHome.make();
  const env = { FEISHU_APP_ID: "cli_a1b2c3", FEISHU_APP_SECRET: "made-up" };
  const { exitCode, checks, failed } = await diagnose(home, {
    env,
    fetch: failingWith("dns error: no such name"),
  });
  assert.equal(exitCode, 1);
  assert.deepEqual(failed, ["feishu: no address found for open.feishu.cn"]);
  assert.match(check(checks, "feishu").next_step ?? "", /^Check the network and its DNS server/);
});

Deno.test("`doctor` names the proxy alone, without its password, when that is dead", async () => {
  await using home = await CommandHome.make();
  const env = {
    FEISHU_APP_ID: "cli_a1b2c3",
    FEISHU_APP_SECRET: "made-up",
    HTTPS_PROXY: "http://somebody:planted-password@127.0.0.1:9",
  };
  const dead = failingWith("tcp connect error: Connection refused (os error 111)");
  const { checks, failed } = await diagnose(home, { env, fetch: dead });
  assert.deepEqual(failed, [
    "proxy: http://127.0.0.1:9 (HTTPS_PROXY) for open.feishu.cn: nothing listens there",
  ]);
  assert.deepEqual(["feishu", "clock", "app credentials"].map((name) => check(checks, name).status), [
    "skip",
    "skip",
    "skip",
  ]);
  assert.doesNotMatch(JSON.stringify(checks), /planted|somebody/);
});

Deno.test("`doctor` names the proxy when that is there and does not let anybody through", async () => {
  await using home = await CommandHome.make();
  using proxy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = proxy.accept();
  const env = { ...APP, HTTPS_PROXY: `http://127.0.0.1:${proxy.addr.port}` };
  const { checks, failed } = await diagnose(home, { env, fetch: failingWith("unsuccessful tunnel") });
  (await accepting).close();
  assert.equal(failed.length, 1);
  assert.match(
    check(checks, "feishu").next_step ?? "",
    /^Check that the proxy http:\/\/127\.0\.0\.1:\d+ \(HTTPS_PROXY\) runs and allows open\.feishu\.cn,/,
  );
});

Deno.test("`doctor` names the certificate when that is not trusted", async () => {
  await using home = await CommandHome.make();
  const { checks } = await diagnose(home, { fetch: failingWith("invalid peer certificate: UnknownIssuer") });
  assert.match(check(checks, "feishu").found, /DENO_CERT or DENO_TLS_CA_STORE=system/);
});

Deno.test("`doctor` tells that something else than Feishu answers", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  await sandbox.fault({ kind: "garbage", times: 1 });
  const { checks, failed } = await diagnose(home, { env: credentialsOf(sandbox) });
  assert.equal(failed.length, 1);
  assert.match(check(checks, "feishu").found, /is not Feishu \(HTTP 200\)$/);
});

Deno.test("`doctor` names the place of the store alone when that cannot be written", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  await Deno.writeTextFile(`${home.path}/.local`, "");
  const { checks, failed } = await diagnose(home, { env: credentialsOf(sandbox) });
  assert.equal(failed.length, 1);
  assert.match(failed.join(), /^store: Cannot make the folder .*\/\.local\/share\/feishu-token-mcp/);
  assert.match(check(checks, "store").next_step ?? "", /^Name another place with --kv PATH/);
  assert.equal(check(checks, "app credentials").status, "ok");
});

Deno.test("`doctor` names both keys when the store was made with another one", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const env = credentialsOf(sandbox);
  const withKey = (id: string, byte: number): Surroundings => ({
    env: { ...env, FEISHU_TOKEN_KEY: `${id}:${new Uint8Array(32).fill(byte).toBase64()}` },
  });
  await makeStore(home, withKey("first", 1));
  const { checks, failed } = await diagnose(home, withKey("second", 2));
  assert.deepEqual(failed, [
    'store: The token store was made with the key "first", and the key given is "second"',
  ]);
  assert.match(check(checks, "store").next_step ?? "", /^Set FEISHU_TOKEN_KEY/);
});

Deno.test("`doctor` tells which key opens the store", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  await makeStore(home, { env: credentialsOf(sandbox) });
  const { checks } = await diagnose(home, { env: credentialsOf(sandbox) });
  assert.match(check(checks, "store key").found, /^"[\w-]{8}" from the file .*tokens\.kv\.key;/);
});

Deno.test("`doctor` tells which files other users could read", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const env = credentialsOf(sandbox);
  await makeStore(home, { env });
  const path = `${home.path}/.local/share/feishu-token-mcp/tokens.kv`;
  await Deno.chmod(path, 0o644);
  const { status, found } = check((await diagnose(home, { env })).checks, "store files");
  assert.deepEqual([status, found], ["warn", `other users could read ${path} (0644)`]);
});

Deno.test.each<[string, string | undefined, string, RegExp]>([
  ["has a journal", undefined, "ok", /^in your own data directory$/],
  [
    "has no room for a journal",
    "",
    "warn",
    /^there is no journal \(HOME is not set\), and a new pair is lost/,
  ],
])("`doctor` tells that a database on the network %s", async (_case, noHome, status, found) => {
  await using home = await CommandHome.make();
  const { checks, failed } = await diagnose(home, {
    env: { FEISHU_TOKEN_KV: "https://kv.example", HOME: noHome ?? home.path },
    openKv: () => Deno.openKv(":memory:"),
    fetch: failingWith("dns error"),
  });
  const journal = check(checks, "store journal");
  assert.equal(journal.status, status);
  assert.match(journal.found, found);
  assert.equal(failed.some((line) => line.startsWith("store")), false);
});

Deno.test("`doctor` names the file of a pair that no database takes", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const env = credentialsOf(sandbox);
  const stdin = await sandbox.logIn("v2");
  const given = await home.run(["token", "refresh", "--json"], { env, stdin, fetch: enlarging });
  assert.equal(given.exitCode, 0, given.stderr);
  const journal = check((await diagnose(home, { env })).checks, "store journal");
  assert.equal(journal.status, "warn");
  assert.match(
    journal.found,
    /^only this machine has the pairs in \S+\/caller\.\S+\.json: a database value holds at most 64 KiB/,
  );
});

/** The real network, but an access token that a user is given is of 70,000 letters more. */
async function enlarging(input: URL | RequestInfo, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  const answer = await response.json();
  if (typeof answer.access_token === "string") answer.access_token += "x".repeat(70_000);
  return Response.json(answer, { status: response.status });
}

Deno.test("`doctor` warns of a store in memory", async () => {
  await using home = await CommandHome.make();
  const { checks } = await diagnose(home, { fetch: failingWith("dns error") }, "--kv", ":memory:");
  assert.equal(check(checks, "store").status, "warn");
});

Deno.test("`doctor` warns of a store in a synchronized folder", async () => {
  await using home = await CommandHome.make();
  const kv = `${home.path}/Dropbox/tokens.kv`;
  const { checks } = await diagnose(home, { fetch: failingWith("dns error") }, "--kv", kv);
  assert.match(check(checks, "store folder").found, /is on Dropbox:/);
});

Deno.test.each([
  [0, "ok", "agrees with Feishu's"],
  [30, "ok", "30 s ahead of Feishu's"],
  [120, "warn", "120 s ahead of Feishu's"],
  [-120, "warn", "120 s behind Feishu's"],
  [600, "fail", "600 s ahead of Feishu's"],
])("`doctor` judges a clock that is %i s off: %s", async (aheadS, status, found) => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const surroundings = { env: credentialsOf(sandbox), aheadMs: aheadS * 1000 };
  const { checks } = await diagnose(home, surroundings);
  const clock = check(checks, "clock");
  assert.deepEqual([clock.status, clock.found], [status, found]);
});

Deno.test("`doctor` finds a machine behind when the sandbox's clock was advanced", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  await sandbox.send("POST", "/_sandbox/clock", { advance_seconds: 10 * MINUTE_MS / 1000 });
  const { failed, exitCode } = await diagnose(home, {}, "--sandbox-url", sandbox.url);
  assert.deepEqual([failed, exitCode], [["clock: 600 s behind Feishu's"], 1]);
});

Deno.test.each([
  [
    {},
    "No Feishu app credentials are configured",
    /^Keep the app once with `.*`, or set FEISHU_APP_ID and FEISHU_APP_SECRET/,
  ],
  [{ FEISHU_APP_ID: "cli_a1b2c3" }, "configured: FEISHU_APP_SECRET is not set", /FEISHU_APP_SECRET/],
  [{ FEISHU_APP_SECRET: "made-up" }, "configured: FEISHU_APP_ID is not set", /FEISHU_APP_ID/],
])("`doctor` names what is missing of the credentials: %j", async (given, found, advice) => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const { checks, failed } = await diagnose(home, { env: { ...given, FEISHU_BASE_URL: sandbox.url } });
  assert.equal(failed.length, 1);
  assert.ok(failed.join().endsWith(found), failed.join());
  assert.match(check(checks, "app credentials").next_step ?? "", advice);
});

Deno.test("`doctor` names the credentials alone when the secret is wrong, and does not show it", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const env = { ...credentialsOf(sandbox), FEISHU_APP_SECRET: "planted-wrong-secret" };
  const { checks, failed } = await diagnose(home, { env });
  assert.equal(failed.length, 1);
  assert.match(
    failed.join(),
    /^app credentials: Feishu knows the app, and this is not its app secret \(Feishu code 10014, log id /,
  );
  assert.doesNotMatch(JSON.stringify(checks), /planted/);
});

Deno.test("`doctor` fails without asking when the credentials cannot be a pair, and shows nothing of them", async () => {
  await using home = await CommandHome.make();
  const env = {
    FEISHU_APP_ID: "plantedPlantedPlantedPlantedPl01",
    FEISHU_APP_SECRET: "cli_a1b2c3d4e5f6a7b8",
  };
  const { checks, failed } = await diagnose(home, { env, fetch: failingWith("dns error") });
  assert.match(
    failed.join("\n"),
    /app credentials: .*: FEISHU_APP_ID and FEISHU_APP_SECRET are swapped/,
  );
  assert.doesNotMatch(JSON.stringify(checks), /plantedPl|cli_a1b2c3d4/);
});

Deno.test("`doctor` names the lines of the env file that say nothing, and names that are misspelt", async () => {
  await using home = await CommandHome.make();
  const path = `${home.path}/env`;
  await Deno.writeTextFile(path, "set FEISHU_APP_SECRET=planted\nFEISHU_APPID=cli_planted\n");
  const { checks } = await diagnose(home, { fetch: failingWith("dns error") }, "--env-file", path);
  const found = checks.filter(({ name, status }) => name === "configuration" && status === "warn")
    .map((each) => each.found);
  assert.deepEqual(found, [
    `${path}: line 1 sets nothing: each line must be NAME=value, without set, $env: or a colon`,
    `${path}: no setting is called FEISHU_APPID (did you mean FEISHU_APP_ID?)`,
  ]);
  assert.doesNotMatch(JSON.stringify(checks), /planted/);
});

Deno.test("`doctor` prints where a relative store is", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const path = relative(Deno.cwd(), `${home.path}/tokens.kv`);
  const { checks } = await diagnose(home, { env: credentialsOf(sandbox) }, "--kv", path);
  assert.match(
    check(checks, "store").found,
    new RegExp(`^${RegExp.escape(home.path)}/tokens\\.kv: none yet`),
  );
});

Deno.test("`doctor` warns when the base URL is the other brand's", async () => {
  await using home = await CommandHome.make();
  const env = {
    FEISHU_BASE_URL: "https://www.larksuite.com",
    FEISHU_APP_ID: "cli_a1b2c3",
    FEISHU_APP_SECRET: "made-up",
  };
  const { checks } = await diagnose(home, { env, fetch: failingWith("dns error") });
  assert.ok(checks.some(({ next_step }) => next_step?.startsWith("Set FEISHU_BRAND=lark")));
});

Deno.test("`doctor` says that there is no sandbox, and checks the rest", async () => {
  await using home = await CommandHome.make();
  const { failed, checks } = await diagnose(
    home,
    { fetch: failingWith("tcp connect error") },
    "--sandbox-url",
    "http://127.0.0.1:9",
  );
  assert.deepEqual(failed, ["sandbox: There is no sandbox at http://127.0.0.1:9"]);
  assert.equal(check(checks, "store").status, "skip");
});

Deno.test("`doctor` looks at a refresh token without spending or showing it", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const stdin = await sandbox.logIn("v2");
  const surroundings = { env: credentialsOf(sandbox), stdin };
  const { checks } = await diagnose(home, surroundings, "--refresh-token-stdin");
  assert.match(check(checks, "refresh token").found, /of the newer endpoints/);
  assert.equal(JSON.stringify(checks).includes(stdin), false);
  assert.equal((await sandbox.refresh(stdin)).status, 200);
});

Deno.test("`doctor` leaves standard input alone unless it is asked to look", async () => {
  await using sandbox = await ListeningSandbox.start();
  await using home = await CommandHome.make();
  const { checks } = await diagnose(home, { env: credentialsOf(sandbox), stdin: "ur-1" });
  assert.equal(checks.some(({ name }) => name === "refresh token"), false);
});

Deno.test("`doctor` knows the sandbox's own app when --sandbox is given", async () => {
  await using home = await CommandHome.make();
  const { exitCode, stdout, stderr } = await home.run(["doctor", "--sandbox", "--sandbox-port", "0"]);
  assert.match(stdout, /^ok {4}app credentials: accepted/m);
  assert.equal(stdout.includes(DEFAULT_SANDBOX_APP.appSecret), false);
  assert.match(stderr, /^sandbox http:\/\/127\.0\.0\.1:\d+ /);
  assert.equal(exitCode, 0);
});

/** A network on which every connection fails so, in Deno's words. */
function failingWith(reason: string): typeof fetch {
  return () => {
    const cause = new TypeError(`client error (Connect): ${reason}`);
    return Promise.reject(new TypeError("fetch failed", { cause }));
  };
}
