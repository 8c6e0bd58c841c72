import assert from "node:assert/strict";
import { crontabLine, shellWord } from "../../../src/cli/timer/crontab_line.ts";
import { launchdPlist } from "../../../src/cli/timer/launchd_plist.ts";
import { SYSTEMD_UNIT, systemdService, systemdTimerUnit } from "../../../src/cli/timer/systemd_units.ts";
import { windowsArgument, windowsTask } from "../../../src/cli/timer/windows_task.ts";
import { TempFolder } from "../../support/temp_folder.ts";

const ODD = `a b"c\\d'e%h$HOME&<小>`;
const KEEP = { command: "/bin/echo", args: ["keep", ODD, "C:\\x\\"], env: { HTTPS_PROXY: ODD } };

/** Whether a program is there; tests that need one that is not are skipped. */
async function has(file: string): Promise<boolean> {
  return await Deno.stat(file).then(() => true, () => false);
}

async function run(file: string, args: readonly string[], env = {}): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(file, { args: [...args], env }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test({
  name: "systemd reads its units without a complaint",
  ignore: !await has("/usr/bin/systemd-analyze"),
  async fn(): Promise<void> {
    await using folder = await TempFolder.make();
    const [service, timer] = ["service", "timer"].map((kind) => `${folder.path}/${SYSTEMD_UNIT}.${kind}`);
    await Deno.writeTextFile(service ?? "", systemdService(KEEP));
    await Deno.writeTextFile(timer ?? "", systemdTimerUnit());
    const env = { XDG_RUNTIME_DIR: folder.path, HOME: folder.path };
    const end = await run("/usr/bin/systemd-analyze", ["--user", "verify", service ?? "", timer ?? ""], env);
    assert.deepEqual(end, { code: 0, text: "" });
    const calendar = /^OnCalendar=(.*)$/m.exec(systemdTimerUnit())?.[1] ?? "";
    const times = await run("/usr/bin/systemd-analyze", ["calendar", "--iterations=4", calendar], {
      TZ: "UTC",
    });
    assert.equal(times.code, 0);
    assert.deepEqual(
      [...times.text.matchAll(/ (\d\d):00:00 /g)].map(([, hour]) => hour).toSorted().slice(0, 4),
      [
        "00",
        "06",
        "12",
        "18",
      ],
    );
  },
});

Deno.test("systemdService() quotes what systemd would read as its own", () => {
  const service = systemdService(KEEP);
  assert.ok(service.includes(String.raw`"keep" "a b\"c\\d'e%%h$$HOME&<小>" "C:\\x\\"` + "\n"), service);
  assert.ok(service.includes(String.raw`Environment="HTTPS_PROXY=a b\"c\\d'e%%h$HOME&<小>"` + "\n"), service);
});

Deno.test({
  name: "a shell reads the words of crontabLine() as they were",
  ignore: Deno.build.os === "windows",
  async fn(): Promise<void> {
    const line = crontabLine({ ...KEEP, command: "/usr/bin/printf", args: ["%s|", ODD, "x"] });
    assert.ok(line.startsWith("17 */6 * * * "));
    // What cron itself takes out of a line.
    const command = line.slice("17 */6 * * * ".length).replaceAll("\\%", "%");
    assert.deepEqual(await run("/bin/sh", ["-c", command]), { code: 0, text: `${ODD}|x|` });
  },
});

Deno.test.each([["/a/b-c.d", "/a/b-c.d"], ["", "''"], ["a'b", `'a'\\''b'`]])(
  "shellWord() writes %j",
  (word, written) => {
    assert.equal(shellWord(word), written);
  },
);

Deno.test({
  name: "launchdPlist() is well-formed XML with the words as they were",
  ignore: !await has("/usr/bin/python3"),
  async fn(): Promise<void> {
    const script = "import plistlib,sys,json;print(json.dumps(plistlib.loads(sys.argv[1].encode())))";
    const { code, text } = await run("/usr/bin/python3", ["-c", script, launchdPlist(KEEP, "/l & og")]);
    assert.equal(code, 0, text);
    const plist = JSON.parse(text);
    assert.deepEqual(plist.ProgramArguments, ["/bin/echo", ...KEEP.args]);
    assert.deepEqual([plist.EnvironmentVariables, plist.StandardErrorPath, plist.RunAtLoad], [
      KEEP.env,
      "/l & og",
      true,
    ]);
  },
});

Deno.test.each([
  ["keep", "keep"],
  ["", '""'],
  ["a b", '"a b"'],
  ["C:\\a b\\", '"C:\\a b\\\\"'],
  ['a"b', '"a\\"b"'],
  ['a\\"b', '"a\\\\\\"b"'],
  ["C:\\x\\", "C:\\x\\"],
])("windowsArgument() writes %j as programs on Windows read it", (word, written) => {
  assert.equal(windowsArgument(word), written);
});

Deno.test("windowsTask() has no character in it that XML would read", () => {
  const [, content = ""] = /<Arguments>(.*)<\/Arguments>/.exec(windowsTask(KEEP)) ?? [];
  assert.equal(content, `keep "a b\\"c\\d'e%h$HOME&amp;&lt;小&gt;" C:\\x\\`);
});
