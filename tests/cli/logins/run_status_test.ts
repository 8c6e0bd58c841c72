import assert from "node:assert/strict";
import { shownCommand } from "../../../src/cli/command_line/shown_command.ts";
import { columnsOf } from "../../../src/cli/command_line/wrap_text.ts";
import { TokenError } from "../../../src/errors/token_error.ts";
import { ANN, FakeLogins, NOW_MS } from "../login/fake_logins.ts";
import { type CommandEnd, CommandHome, type Surroundings } from "../token/token_platform.ts";

/** Runs `status` on fake logins. */
async function status(
  logins: FakeLogins,
  flags: readonly string[] = [],
  more: Surroundings = {},
): Promise<CommandEnd> {
  await using home = await CommandHome.make();
  return await home.run(["status", ...flags], { compose: logins.compose, ...more });
}

/** Ann's and Bo's, whose login cannot be renewed. */
function annAndBo(): FakeLogins {
  const logins = new FakeLogins();
  const { refreshTokenExpiresAtMs: _refresh, loginEndsAtMs: _end, nextRenewalAtMs: _next, ...rest } = ANN;
  logins.kept = [
    ANN,
    {
      ...rest,
      user: { openId: "ou_bo" },
      brand: "lark",
      accessTokenExpiresAtMs: NOW_MS - 3_600_000,
      renewable: false,
      needsLogin: true,
      problem: new TokenError("login_not_renewable"),
    },
  ];
  return logins;
}

Deno.test("`status` lists the logins of every app as a table, without credentials", async () => {
  const logins = annAndBo();
  const { exitCode, stdout, stderr } = await status(logins);
  assert.deepEqual([exitCode, stderr, logins.calls], [0, "", [["list", null]]]);
  const [head = "", ann = "", bo = "", gap, problem = ""] = stdout.split("\n");
  assert.match(
    head,
    /^Person +Tenant +App +Permissions +Until +Next renewal +At most until +State$/,
  );
  assert.match(
    ann,
    /^Ann \(ou_ann\) {2}2ed263bf32cf1651 {2}cli_5a4db0c000000001 feishu {2}2 +2026-01-09 03:04 \(in 7 days\) {2}/,
  );
  assert.match(ann, / {2}2026-01-05 03:04 \(in 3 days\) {2}2027-01-02 03:04 \(in 365 days\) {2}good$/);
  assert.match(
    bo,
    /^ou_bo +– +cli_5a4db0c000000001 lark +2 +2026-01-02 02:04 \(1 h ago\) +– +– +login needed$/,
  );
  assert.equal(gap, "");
  assert.ok(problem.startsWith(`ou_bo: ${new TokenError("login_not_renewable").problem.en}`), problem);
});

Deno.test.each(["en", "zh"])("`status --lang %s` wraps on a narrow terminal", async (lang) => {
  const { stdout } = await status(annAndBo(), ["--lang", lang], { columns: 40 });
  const [lists = ""] = stdout.split("\n\nou_bo");
  for (const line of lists.split("\n")) assert.ok(columnsOf(line) <= 40, line);
  assert.match(stdout, lang === "en" ? /^Person {9}Ann \(ou_ann\)\nTenant {9}/ : /^用户 {6}Ann（ou_ann）\n/);
});

Deno.test("`status --json` has the fields of list_feishu_logins, and which app it is", async () => {
  const { stdout, stderr } = await status(annAndBo(), ["--json"]);
  const { logins: [ann, bo] } = JSON.parse(stdout);
  assert.equal(stderr, "");
  assert.deepEqual(ann, {
    brand: "feishu",
    app_id: "cli_5a4db0c000000001",
    user: { open_id: "ou_ann", name: "Ann", tenant_key: "2ed263bf32cf1651" },
    scope: "offline_access docx:document",
    access_token_expires_at: 1767330245,
    refresh_token_expires_at: 1767927845,
    login_ends_at: 1798859045,
    renewable: true,
    last_renewed_at: 1767323045,
    next_renewal_at: 1767582245,
    needs_login: false,
  });
  assert.equal(bo.needs_login, true);
  assert.ok(bo.problem.startsWith(new TokenError("login_not_renewable").problem.en), bo.problem);
});

Deno.test("`status` says how to log in when nobody has", async () => {
  const logins = new FakeLogins();
  logins.kept = [];
  const { exitCode, stdout, stderr } = await status(logins);
  assert.deepEqual([exitCode, stdout], [0, ""]);
  assert.match(stderr, /^feishu-token-mcp: nobody is logged in; to log in: .* login\n$/);
  const asJson = JSON.parse((await status(logins, ["--json"])).stdout);
  assert.deepEqual(asJson, { logins: [], renewed_by: [] });
});

/** What a command is called with. */
interface Call {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** How `keep --install` set up the timer, if any, and how `status` is called then. */
interface Timer extends Call {
  readonly timer?: Call & { readonly os?: "linux" | "darwin" };
  readonly logins?: FakeLogins;
}

/** The last line of `status` and its `renewed_by`. */
async function renewedBy(
  { flags = [], env = {}, timer, logins = new FakeLogins() }: Timer,
): Promise<readonly [string, unknown]> {
  await using home = await CommandHome.make();
  const os = timer?.os ?? "linux";
  // Only now is it known where the home is.
  const inHome = (word: string): string => word.replace("~", home.path);
  const around = (given: Readonly<Record<string, string>>): Surroundings => ({
    os,
    env: Object.fromEntries(Object.entries(given).map(([name, value]) => [name, inHome(value)])),
    self: { execPath: "/opt/feishu-token-mcp", mainModule: "file:///x", isBinary: true, cwd: home.path },
    findTool: (name) => Promise.resolve(`/usr/bin/${name}`),
    runTool: () => Promise.resolve({ code: 0, stdout: "501", stderr: "" }),
  });
  if (timer !== undefined) {
    const app = `${home.path}/app.env`;
    await Deno.writeTextFile(
      app,
      "FEISHU_APP_ID=cli_5a4db0c000000001\nFEISHU_APP_SECRET=plantedSecretOf32Characters00000\n",
    );
    const words = ["keep", "--install", "--env-file", app, ...(timer.flags ?? []).map(inHome)];
    const { exitCode, stderr } = await home.run(words, around(timer.env ?? {}));
    assert.equal(exitCode, 0, stderr);
  }
  const run = async (...more: readonly string[]): Promise<string> => {
    const words = ["status", ...flags.map(inHome), ...more];
    return (await home.run(words, { ...around(env), compose: logins.compose })).stdout;
  };
  const line = (await run()).trimEnd().split("\n").at(-1) ?? "";
  return [line.replaceAll(home.path, "~"), JSON.parse(await run("--json")).renewed_by];
}

const NOBODY =
  "Nothing is seen here that renews them: each ends as listed under Until. Leave a server running, or " +
  "have the system renew them: ";

/** What `status` says where it sees nothing. */
function nobody(...flags: readonly string[]): string {
  return `${NOBODY}\`${shownCommand(["keep", "--install", ...flags])}\``;
}

Deno.test("`status` says that nothing renews the logins", async () => {
  assert.deepEqual(await renewedBy({}), [nobody(), []]);
  assert.deepEqual(await renewedBy({ flags: ["--kv", ":memory:"] }), [nobody("--kv", ":memory:"), []]);
});

Deno.test("`status` says that a process and the system's timer renew the logins", async () => {
  const logins = new FakeLogins();
  logins.hasOtherProcesses = true;
  const [line, keepers] = await renewedBy({ timer: {}, logins });
  assert.equal(
    line,
    "Renewed in time by a process of this store that runs now and by the system's timer (`keep --install`); without " +
      "that each ends as listed under Until.",
  );
  assert.deepEqual(keepers, ["process", "timer"]);
});

const MOVED = { XDG_DATA_HOME: "~/data" };

Deno.test.each<[string, Timer]>([
  ["whose path has blanks and signs", {
    flags: ["--kv", '~/5$ 100% "t".kv'],
    timer: { flags: ["--kv", '~/5$ 100% "t".kv'] },
  }],
  ["by a relative path", { flags: ["--kv", "~/t.kv"], timer: { flags: ["--kv", "t.kv"] } }],
  ["by another spelling", { flags: ["--kv", "~/a/../t.kv"], timer: { flags: ["--kv", "~/t.kv"] } }],
  ["at the default place, by its path", {
    flags: ["--kv", "~/.local/share/feishu-token-mcp/tokens.kv"],
    timer: {},
  }],
  ["that a variable named", { flags: ["--kv", "~/t.kv"], timer: { env: { FEISHU_TOKEN_KV: "~/t.kv" } } }],
  ["in a folder that a variable moves", { env: MOVED, timer: { env: MOVED } }],
  ["of a sandbox", {
    flags: ["--sandbox-state", "~/s.json"],
    timer: { flags: ["--sandbox-state", "s.json"] },
  }],
  ["on a Mac", { flags: ["--kv", "~/a & b.kv"], timer: { os: "darwin", flags: ["--kv", "~/a & b.kv"] } }],
])("`status` counts a timer of its store %s", async (_case, call) => {
  assert.deepEqual((await renewedBy(call))[1], ["timer"]);
});

Deno.test.each<[string, Timer]>([
  ["at another place", { timer: { flags: ["--kv", "~/other.kv"] } }],
  ["at the default place", { flags: ["--kv", "~/t.kv"], timer: {} }],
  ["whose path begins with its own", { flags: ["--kv", "~/t"], timer: { flags: ["--kv", "~/t.kv"] } }],
  ["whose path ends with its own", { flags: ["--kv", "~/t.kv"], timer: { flags: ["--kv", "/other~/t.kv"] } }],
  ["in a folder that a variable moves", { timer: { env: MOVED } }],
  ["of a sandbox", { timer: { flags: ["--sandbox-url", "http://127.0.0.1:1"] } }],
  ["of another sandbox", {
    flags: ["--sandbox-state", "~/s.json"],
    timer: { flags: ["--sandbox-state", "~/other.json"] },
  }],
  ["at another place, on a Mac", { timer: { os: "darwin", flags: ["--kv", "~/t.kv"] } }],
])("`status` counts no timer of a store %s", async (_case, call) => {
  assert.deepEqual((await renewedBy(call))[1], []);
});

Deno.test("`status` says nothing of renewals where none would help", async () => {
  const logins = annAndBo();
  logins.kept = logins.kept.slice(1);
  const [line, keepers] = await renewedBy({ logins });
  assert.match(line, /^ou_bo: /);
  assert.deepEqual(keepers, []);
});
