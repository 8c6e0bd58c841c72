import assert from "node:assert/strict";
import type { Platform } from "../../../src/platform.ts";
import type { ToolEnd } from "../../../src/process/run_tool.ts";
import { type CommandEnd, CommandHome } from "../token/token_platform.ts";

const ignore = Deno.build.os === "windows";
const SELF = { execPath: "/opt/f t/feishu-token-mcp", mainModule: "file:///x", isBinary: true, cwd: "/w" };

/** The commands of a system, which note how they are called. */
class FakeSystem {
  readonly calls: string[] = [];
  readonly #os: Platform["os"];
  readonly #tools: readonly string[];
  readonly #ends: (call: string) => Partial<ToolEnd>;
  readonly #home: CommandHome;

  constructor(
    home: CommandHome,
    os: Platform["os"],
    tools: readonly string[],
    ends: (call: string) => Partial<ToolEnd> = () => ({}),
  ) {
    this.#home = home;
    this.#os = os;
    this.#tools = tools;
    this.#ends = ends;
  }

  /** A Mac, whose user has the number 501. */
  static mac(home: CommandHome, ends: (call: string) => Partial<ToolEnd> = () => ({})): FakeSystem {
    return new FakeSystem(
      home,
      "darwin",
      ["launchctl", "id"],
      (call) => call === "id -u" ? { stdout: "501\n" } : ends(call),
    );
  }

  /** Runs `keep` with these flags. */
  async keep(...flags: readonly string[]): Promise<CommandEnd> {
    const envFile = `${this.#home.path}/app.env`;
    await Deno.writeTextFile(
      envFile,
      "FEISHU_APP_ID=cli_5a4db0c000000001\nFEISHU_APP_SECRET=plantedSecretOf32Characters00000\n",
    );
    return await this.run(["keep", ...flags, "--env-file", envFile]);
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandEnd> {
    const local = `${this.#home.path}/.local/share`;
    return this.#home.run(args, {
      os: this.#os,
      self: SELF,
      env: { HTTPS_PROXY: "http://p:1/%20", LOCALAPPDATA: local, USERPROFILE: this.#home.path, ...env },
      findTool: (name) => Promise.resolve(this.#tools.includes(name) ? `/usr/bin/${name}` : undefined),
      runTool: async ({ file, args: words, env: given }) => {
        assert.deepEqual(Object.keys(given).filter((name) => name.startsWith("FEISHU_")), []);
        const call = [file.slice("/usr/bin/".length), ...words].join(" ").replaceAll(this.#home.path, "~");
        this.calls.push(call.replace(/\S+keep\.xml/, "TASK"));
        const task = words.find((word) => word.endsWith("keep.xml"));
        if (task !== undefined) this.calls.push(new TextDecoder("utf-16").decode(await Deno.readFile(task)));
        return { code: 0, stdout: "", stderr: "", ...this.#ends(call) };
      },
    });
  }

  /** A file of the home; `undefined` where there is none. */
  async read(path: string): Promise<string | undefined> {
    return await Deno.readTextFile(`${this.#home.path}/${path}`).catch(() => undefined);
  }
}

const UNIT = ".config/systemd/user/feishu-token-mcp-keep";
const AGENT = "Library/LaunchAgents/feishu-token-mcp.keep.plist";

Deno.test({
  name: "`keep --install` makes the units of systemd and has systemctl load them, as often as it is called",
  ignore,
  async fn(): Promise<void> {
    await using home = await CommandHome.make();
    const system = new FakeSystem(home, "linux", ["systemctl"]);
    for (const _time of [1, 2]) {
      system.calls.length = 0;
      const { exitCode, stdout, stderr } = await system.keep("--install");
      assert.deepEqual([exitCode, stdout.split(";")[0]], [0, "Logins are now renewed every 6 hours"]);
      assert.match(stderr, /loginctl enable-linger/);
      assert.deepEqual(system.calls, [
        "systemctl --user show-environment",
        "systemctl --user daemon-reload",
        "systemctl --user enable feishu-token-mcp-keep.timer",
        "systemctl --user restart feishu-token-mcp-keep.timer",
      ]);
    }
    const service = await system.read(`${UNIT}.service`) ?? "";
    assert.ok(
      service.includes(`ExecStart="/opt/f t/feishu-token-mcp" "keep" "--env-file" "${home.path}/app.env"\n`),
    );
    assert.match(service, /^Environment="HTTPS_PROXY=http:\/\/p:1\/%%20"$/m);
    assert.doesNotMatch(service, /planted/);
    assert.match(await system.read(`${UNIT}.timer`) ?? "", /^OnCalendar=\*-\*-\* 00\/6:00:00$/m);
  },
});

Deno.test({
  name: "`keep --uninstall` removes the units, and says so when there were none",
  ignore,
  async fn(): Promise<void> {
    await using home = await CommandHome.make();
    const system = new FakeSystem(home, "linux", ["systemctl"]);
    await system.keep("--install");
    assert.match((await system.keep("--uninstall")).stdout, /no longer renewed/);
    assert.deepEqual([await system.read(`${UNIT}.service`), await system.read(`${UNIT}.timer`)], [
      undefined,
      undefined,
    ]);
    const { exitCode, stdout } = await system.keep("--uninstall");
    assert.deepEqual([exitCode, stdout], [0, "There was no such timer; nothing was changed\n"]);
  },
});

Deno.test({
  name: "`keep --install` leaves no unit behind when systemctl refuses, and tells what that said",
  ignore,
  async fn(): Promise<void> {
    await using home = await CommandHome.make();
    const system = new FakeSystem(
      home,
      "linux",
      ["systemctl"],
      (call) => call.includes(" enable ") ? { code: 1, stderr: "Unit is masked.\n" } : {},
    );
    const { exitCode, stderr } = await system.keep("--install");
    assert.equal(exitCode, 3);
    assert.match(stderr, /systemctl --user enable \S+ failed \(1\): Unit is masked\./);
    assert.equal(await system.read(`${UNIT}.timer`), undefined);
    assert.equal(system.calls.at(-1), "systemctl --user daemon-reload");
  },
});

Deno.test.each<[string, readonly string[], Partial<ToolEnd>]>([
  ["systemctl", [], {}],
  ["a systemd that answers", ["systemctl"], { code: 1, stderr: "Failed to connect to bus" }],
])("`keep --install` prints a line for a crontab when there is no %s", async (_what, tools, end) => {
  if (ignore) return;
  await using home = await CommandHome.make();
  const system = new FakeSystem(home, "linux", tools, () => end);
  const { exitCode, stdout, stderr } = await system.keep("--install");
  assert.equal(exitCode, 0);
  assert.equal(
    stdout,
    "17 */6 * * * HTTPS_PROXY='http://p:1/\\%20' '/opt/f t/feishu-token-mcp' keep --env-file " +
      `${home.path}/app.env\n`,
  );
  assert.match(stderr, /add the line above with `crontab -e`/);
  assert.equal(await system.read(`${UNIT}.service`), undefined);
  assert.match((await system.keep("--uninstall")).stderr, /remove the line/);
});

Deno.test({
  name: "`keep --install` makes an agent of launchd, unloaded first where there is one",
  ignore,
  async fn(): Promise<void> {
    await using home = await CommandHome.make();
    const system = FakeSystem.mac(home);
    const { exitCode } = await system.keep("--install");
    assert.equal(exitCode, 0);
    assert.deepEqual(system.calls, [
      "id -u",
      "launchctl bootout gui/501/feishu-token-mcp.keep",
      `launchctl bootstrap gui/501 ~/${AGENT}`,
    ]);
    const plist = await system.read(AGENT) ?? "";
    assert.match(plist, /<string>\/opt\/f t\/feishu-token-mcp<\/string>\s+<string>keep<\/string>/);
    assert.match(plist, /<key>StartInterval<\/key>\s+<integer>21600<\/integer>/);
    assert.match((await system.keep("--uninstall")).stdout, /no longer renewed/);
    assert.equal(await system.read(AGENT), undefined);
  },
});

Deno.test({
  name: "`keep --install` puts the old agent back when launchd refuses the new one",
  ignore,
  async fn(): Promise<void> {
    await using home = await CommandHome.make();
    const system = FakeSystem.mac(home);
    await system.keep("--install");
    const before = await system.read(AGENT);
    const refusing = FakeSystem.mac(
      home,
      (call) => call.includes("bootstrap") ? { code: 5, stderr: "Bootstrap failed: 5" } : {},
    );
    const { exitCode, stderr } = await refusing.keep("--install", "--lang", "zh");
    assert.equal(exitCode, 3);
    assert.match(stderr, /Bootstrap failed: 5/);
    assert.equal(await system.read(AGENT), before);
  },
});

Deno.test({
  name: "`keep --install` gives Windows' scheduler a task, and says which variables it cannot carry",
  ignore,
  async fn(): Promise<void> {
    await using home = await CommandHome.make();
    const system = new FakeSystem(home, "windows", ["schtasks"]);
    const { exitCode, stderr } = await system.run([
      "keep",
      "--install",
      "--sandbox-url",
      "http://127.0.0.1:8082",
    ]);
    assert.equal(exitCode, 0, stderr);
    const [call, task = ""] = system.calls;
    assert.equal(call, "schtasks /Create /F /TN feishu-token-mcp-keep /XML TASK");
    assert.match(task, /<Command>\/opt\/f t\/feishu-token-mcp<\/Command>/);
    assert.match(task, /<Arguments>keep --sandbox-url http:\/\/127\.0\.0\.1:8082<\/Arguments>/);
    assert.match(task, /<Interval>PT6H<\/Interval>/);
    assert.match(stderr, /set HTTPS_PROXY for your user, with setx/);
    await system.run(["keep", "--uninstall"]);
    assert.deepEqual(system.calls.slice(2), [
      "schtasks /Query /TN feishu-token-mcp-keep",
      "schtasks /Delete /F /TN feishu-token-mcp-keep",
    ]);
  },
});

Deno.test.each<[readonly string[], number, RegExp]>([
  [["--install", "--uninstall"], 2, /--install and --uninstall contradict each other/],
  [["--install", "--json"], 2, /--install and --json contradict each other/],
  [["--install"], 3, /no app credentials that a timer would find: .*--env-file PATH/],
])("`keep` refuses %j without an env file", async (flags, exitCode, said) => {
  await using home = await CommandHome.make();
  const system = new FakeSystem(home, "linux", ["systemctl"]);
  const end = await system.run(["keep", ...flags]);
  assert.deepEqual([end.exitCode, system.calls], [exitCode, []]);
  assert.match(end.stderr, said);
});

Deno.test("`keep --install` writes no secret of the environment", async () => {
  await using home = await CommandHome.make();
  const system = new FakeSystem(home, "linux", ["systemctl"]);
  const end = await system.run(["keep", "--install"], {
    FEISHU_APP_SECRET: "planted",
    FEISHU_APP_ID: "cli_x",
  });
  assert.deepEqual([end.exitCode, system.calls], [2, []]);
  assert.match(end.stderr, /FEISHU_APP_SECRET_FILE/);
});
