import assert from "node:assert/strict";
import { COMMANDS } from "../../../src/cli/command_line/commands.ts";
import { type CommandLine, readCommandLine } from "../../../src/cli/command_line/read_command_line.ts";
import { inEnglish } from "../../support/in_english.ts";

const SECRET = "qPlantedSecretPlantedSecret00001";

function read(...args: string[]): CommandLine {
  return readCommandLine(args, COMMANDS);
}

Deno.test("readCommandLine() reads nothing when nothing is given", () => {
  assert.deepEqual(read(), { flags: {}, ownFlags: {}, help: false, version: false, problems: [] });
});

Deno.test("readCommandLine() reads flags in both forms, and switches", () => {
  const { flags, problems } = read("--port", "0", "--kv=:memory:", "--stdio");
  assert.deepEqual([flags, problems], [{ port: "0", kv: ":memory:", stdio: true }, []]);
});

Deno.test("readCommandLine() reads a command and its flags in any order", () => {
  const { command, flags, problems } = read("--port", "0", "sandbox");
  assert.deepEqual([command, flags, problems], ["sandbox", { port: "0" }, []]);
});

Deno.test("readCommandLine() reads a command's word and its own flags", () => {
  const { command, word, flags, ownFlags, problems } = read(
    "token",
    "app",
    "--min-ttl=60",
    "--kv",
    "x",
    "--json",
  );
  assert.deepEqual([command, word, problems], ["token", "app", []]);
  assert.deepEqual([flags, ownFlags], [{ kv: "x" }, { "min-ttl": "60", json: true }]);
});

Deno.test.each<[string[], string | true]>([
  [["login", "--resume"], true],
  [["login", "--resume", "--no-wait"], true],
  [["login", "--resume", "aGFuZGxl"], "aGFuZGxl"],
  [["--resume", "aGFuZGxl", "login"], "aGFuZGxl"],
  [["login", "--resume=-GFuZGxl"], "-GFuZGxl"],
  [["login", "--resume", "-GFuZGxlLWEtbG9uZw"], "-GFuZGxlLWEtbG9uZw"],
  [["login", "--resume", "import"], "import"],
])("readCommandLine() reads a flag whose value may be left out: %j", (args, value) => {
  const { command, word, ownFlags, problems } = read(...args);
  assert.deepEqual([command, word, ownFlags.resume, problems], ["login", undefined, value, []]);
});

Deno.test("readCommandLine() reads no flag behind --, where the command line of a program is", () => {
  const { ownFlags, program, help, problems } = read(
    "exec",
    "--as",
    "app",
    "--",
    "curl",
    "-sS",
    "--",
    "--help",
  );
  assert.deepEqual([ownFlags, problems, help], [{ as: "app" }, [], false]);
  assert.deepEqual(program, ["curl", "-sS", "--", "--help"]);
});

Deno.test("readCommandLine() reads the command login without a word, and with its one", () => {
  const words = [read("login"), read("login", "import")].map(({ word, problems }) => [word, problems]);
  assert.deepEqual(words, [[undefined, []], ["import", []]]);
});

Deno.test.each([["--help"], ["-h"]])("readCommandLine() reads %s", (arg) => {
  const { help, problems } = read(arg);
  assert.deepEqual([help, problems], [true, []]);
});

Deno.test.each([["--version"], ["-V"]])("readCommandLine() reads %s", (arg) => {
  const { version, problems } = read(arg);
  assert.deepEqual([version, problems], [true, []]);
});

Deno.test.each([
  [["--prot", "0"], "Unknown flag --prot: did you mean --port? --help lists them all"],
  [["--sandbx"], "Unknown flag --sandbx: did you mean --sandbox? --help lists them all"],
  [["-port", "0"], "Unknown flag -port: did you mean --port? --help lists them all"],
  [["--colour"], "Unknown flag --colour: --help lists them all"],
  [["demmo"], "Unknown command demmo: did you mean demo? --help lists them all"],
  [["srave"], "Unknown command srave: did you mean serve? --help lists them all"],
  [["help", "demmo"], "Unknown command demmo: did you mean demo? --help lists them all"],
  [["help", "demo", "doctor"], "Unexpected word doctor: give at most one command"],
  [
    ["help", "token", "ap"],
    "token takes app, tenant, user or refresh, not ap: a refresh token is read from standard input, since " +
    "anyone who lists processes sees arguments",
  ],
  [["help", "--port", "1"], "--port is not a flag of the command help"],
  [["version", "token"], "Unexpected word token: give at most one command"],
  [["version", "--stdio"], "--stdio is not a flag of the command version"],
  [["start", "token"], "Unexpected word token: give at most one command"],
  [["serve", "--json"], "--json is not a flag of the server"],
  [["token", "--help", "--prot", "1"], "Unknown flag --prot: did you mean --port? --help lists them all"],
  [["toString"], "Unknown command toString: --help lists them all"],
  [["sandbox", "demo"], "Unexpected word demo: give at most one command"],
  [["--port"], "--port needs a value"],
  [["--kv", "--stdio"], "--kv needs a value"],
  [["--kv", "-h"], "--kv needs a value"],
  [["--stdio=yes"], "--stdio takes no value"],
  [["sandbox", "--kv", "x"], "--kv is not a flag of the command sandbox"],
  [["--json"], "--json is not a flag of the server"],
  [
    ["login", "--sandbox"],
    "--sandbox is not a flag of the command login: use --sandbox-url URL, of `feishu-token-mcp sandbox`, or --sandbox-state FILE",
  ],
  [["demo", "--json"], "--json is not a flag of the command demo"],
  [["doctor", "--min-ttl", "1"], "--min-ttl is not a flag of the command doctor"],
  [["token", "app", "--port", "1"], "--port is not a flag of the command token"],
  [["token", "app", "--min-ttl"], "--min-ttl needs a value"],
  [["doctor", "--json=1"], "--json takes no value"],
  [["doctor", "store"], "Unexpected word store: give at most one command"],
  [["token"], "token must be followed by app, tenant, user or refresh"],
  [["token", "--min-ttl", "1"], "token must be followed by app, tenant, user or refresh"],
  [["token", "refresh", "--min-ttl", "1"], "--min-ttl is not a flag of the command token refresh"],
  [["token", "app", "--user", "ou_1"], "--user is not a flag of the command token app"],
  [["login", "import", "--no-wait"], "--no-wait is not a flag of the command login import"],
  [
    ["login", "imprt"],
    "login takes import, not imprt: a refresh token is read from standard input, since anyone who lists " +
    "processes sees arguments",
  ],
  [["login", "--resume="], "--resume needs a value"],
  [["login", "--resume", "-replace"], "Unknown flag -replace: did you mean --replace? --help lists them all"],
  [["token", "app", "--resume"], "--resume is not a flag of the command token"],
  [["app", "add"], "app add must be followed by NAME"],
  [["app", "rename", "one"], "app rename must be followed by NAME and NEW"],
  [
    ["app", "use", "one", "two"],
    "app use takes no further word: a secret is asked for or read from standard input, since anyone who lists " +
    "processes sees arguments",
  ],
  [["app", "list", "--yes"], "--yes is not a flag of the command app list"],
  [["exec"], "exec takes the program to run behind --: exec -- PROGRAM ARGUMENTS"],
  [["exec", "--"], "exec takes the program to run behind --: exec -- PROGRAM ARGUMENTS"],
  [["exec", "curl"], "exec takes the program to run behind --: exec -- PROGRAM ARGUMENTS"],
  [["exec", "curl", "--", "x"], "exec takes the program to run behind --: exec -- PROGRAM ARGUMENTS"],
  [["status", "--", "curl"], "Unexpected word curl: give at most one command"],
  [["demo", "--port", "1"], "--port is not a flag of the command demo"],
  [["--app-id", "cli_a1"], "--app-id is not a flag of the server: set FEISHU_APP_ID instead"],
  [["--brand", "lark"], "--brand is not a flag of the server: set FEISHU_BRAND instead"],
])("readCommandLine() has one problem with %j", (args, problem) => {
  assert.deepEqual(inEnglish(read(...args).problems), [problem]);
});

Deno.test.each([
  [["start", "--port", "0"]],
  [["--port", "0", "serve"]],
])("readCommandLine() reads %j as the server's own command line", (args) => {
  const { command, flags, problems } = read(...args);
  assert.deepEqual([command, flags, problems], [undefined, { port: "0" }, []]);
});

Deno.test.each<[string[], string | undefined]>([
  [["help"], undefined],
  [["help", "help"], "help"],
  [["help", "doctor"], "doctor"],
  [["help", "token"], "token"],
  [["help", "token", "app"], "token"],
  [["help", "start", "--lang", "zh"], "start"],
  [["help", "exec"], "exec"],
  [["exec", "-h"], "exec"],
  [["login", "--help"], "login"],
  [["doctor", "--help"], "doctor"],
  [["token", "--help"], "token"],
  [["token", "app", "-h"], "token"],
  [["serve", "--help"], "serve"],
])("readCommandLine() reads %j as a question for help", (args, topic) => {
  const { help, topic: read_topic, problems } = read(...args);
  assert.deepEqual([help, read_topic, problems], [true, topic, []]);
});

Deno.test("readCommandLine() reads version as a word", () => {
  const { version, problems } = read("version");
  assert.deepEqual([version, problems], [true, []]);
});

Deno.test.each([
  [["--app-secret", SECRET]],
  [[`--app-secret=${SECRET}`]],
  [["-app-secret", SECRET]],
  [["--token-key", SECRET]],
  [["--secret", SECRET]],
])("readCommandLine() says why there is no such flag when it is given %j", (args) => {
  const [problem = "", ...more] = inEnglish(read(...args).problems);
  assert.deepEqual(more, []);
  assert.match(
    problem,
    /is not a flag: secrets come from the environment or a file, never from the command line$/,
  );
});

Deno.test.each([
  [["--app-secret", SECRET]],
  [[`--app-secret=${SECRET}`]],
  [["--app-sceret", SECRET]],
  [[`-p${SECRET}`]],
  [[`--${SECRET}`]],
  [[SECRET]],
  [["sandbox", SECRET]],
  [["--stdio", SECRET]],
  [["token", SECRET]],
  [["token", "refresh", SECRET]],
  [["help", SECRET]],
  [["version", SECRET]],
  [["start", SECRET]],
  [["login", SECRET]],
  [["login", "import", SECRET]],
  [["exec", SECRET]],
  [["token", "refresh", "--refresh-token", SECRET]],
  [["token", "refresh", `--refresh-token=${SECRET}`]],
  [[`--stdio=${SECRET}`]],
])("readCommandLine() never repeats what may be a secret: %j", (args) => {
  const { problems } = read(...args);
  assert.equal(problems.length, 1);
  assert.doesNotMatch(JSON.stringify(problems), /qPla/);
});

Deno.test("readCommandLine() collects every problem", () => {
  assert.equal(read("--prot", "0", "--kv", "--stdio=1", "demmo").problems.length, 3);
});
