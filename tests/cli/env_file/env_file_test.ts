import assert from "node:assert/strict";
import { readEnvFile } from "../../../src/cli/env_file/env_file.ts";
import { StartError } from "../../../src/errors/start_error.ts";
import { inEnglish } from "../../support/in_english.ts";
import { TempFolder } from "../../support/temp_folder.ts";

interface Read {
  readonly variables: Readonly<Record<string, string>>;
  /** Without the path in front. */
  readonly notes: readonly string[];
}

async function readBytes(bytes: Uint8Array): Promise<Read> {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/env`;
  await Deno.writeFile(path, bytes);
  const { variables, notes } = await readEnvFile(path, false);
  return {
    variables: { ...variables },
    notes: inEnglish(notes).map((note) => note.replace(`${path}: `, "")),
  };
}

function read(text: string): Promise<Read> {
  return readBytes(new TextEncoder().encode(text));
}

/** `text` in UTF-16, as PowerShell 5 writes it. */
function utf16(text: string, isLittleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let index = 0; index < text.length; index++) {
    view.setUint16(2 * index, text.charCodeAt(index), isLittleEndian);
  }
  return new Uint8Array(view.buffer);
}

Deno.test.each([
  ["plain values", "A=1\nB=2\n", { A: "1", B: "2" }],
  ["quotes", `A="x y"\nB='z #1'\n`, { A: "x y", B: "z #1" }],
  ["export", "export A=1\n", { A: "1" }],
  ["Windows line ends", "A=1\r\nB=2\r\n", { A: "1", B: "2" }],
  ["comments and empty lines", "# no\n\nA=1 # why\n", { A: "1" }],
  ["a byte order mark", "\uFEFFA=1\n", { A: "1" }],
  ["no newline at its end", "A=1", { A: "1" }],
  ["a dollar sign, which expands nothing", 'A="a$HOME"\n', { A: "a$HOME" }],
])("readEnvFile() reads %s", async (_name, text, expected) => {
  assert.deepEqual(await read(text), { variables: expected, notes: [] });
});

Deno.test.each([
  ["UTF-16 LE", "\uFEFF", true],
  ["UTF-16 BE", "\uFEFF", false],
  ["UTF-16 LE without a mark", "", true],
  ["UTF-16 BE without a mark", "", false],
])("readEnvFile() reads %s", async (_name, mark, isLittleEndian) => {
  const text = `${mark}# 应用\r\nFEISHU_APP_ID=cli_a1b2c3\r\nFEISHU_APP_SECRET=planted\r\n`;
  assert.deepEqual(await readBytes(utf16(text, isLittleEndian)), {
    variables: { FEISHU_APP_ID: "cli_a1b2c3", FEISHU_APP_SECRET: "planted" },
    notes: [],
  });
});

Deno.test.each([
  ["cmd.exe", "A=1\nset FEISHU_APP_SECRET=planted\n", "line 2 sets nothing"],
  ["setx", 'setx FEISHU_APP_SECRET "planted"\nA=1', "line 1 sets nothing"],
  ["PowerShell", '$env:FEISHU_APP_SECRET = "planted"\n', "line 1 sets nothing"],
  ["YAML", "FEISHU_APP_ID: cli_planted\n\nFEISHU_APP_SECRET: planted=\n", "lines 1, 3 set nothing"],
  ["a list in YAML", "- FEISHU_APP_SECRET=planted\n", "line 1 sets nothing"],
  ["JSON", '{\n  "FEISHU_APP_SECRET": "planted"\n}\n', "lines 1, 2, 3 set nothing"],
  ["words", "FEISHU_APP_SECRET planted", "line 1 sets nothing"],
  ["many", "x y\n".repeat(20), "lines 1, 2, 3, 4, 5, 6, 7, 8 and more set nothing"],
  ["what follows a value of several lines", `A="x\ny: z\n"\nplanted\n`, "line 4 sets nothing"],
  ["what follows a quotation mark that nobody closes", `A="x\nplanted\n`, "line 2 sets nothing"],
])("readEnvFile() names the lines of %s by number, and shows nothing of them", async (_case, text, said) => {
  const { notes } = await read(text);
  assert.deepEqual(notes, [
    `${said}: each line must be NAME=value, without set, $env: or a colon`,
  ]);
});

Deno.test.each([
  ["FEISHU_APPID", "no setting is called FEISHU_APPID (did you mean FEISHU_APP_ID?)"],
  ["FEISHU_APP_SECERT", "no setting is called FEISHU_APP_SECERT (did you mean FEISHU_APP_SECRET?)"],
  ["feishu_app_id", "no setting is called feishu_app_id (did you mean FEISHU_APP_ID?)"],
  ["FESHU_APP_ID", "no setting is called FESHU_APP_ID (did you mean FEISHU_APP_ID?)"],
  ["FeishuAppId", "no setting is called FeishuAppId (did you mean FEISHU_APP_ID?)"],
  ["FEISHU_SECRET", "no setting is called FEISHU_SECRET (did you mean FEISHU_APP_SECRET?)"],
  ["FEISHU_KV", "no setting is called FEISHU_KV (did you mean FEISHU_TOKEN_KV?)"],
  ["FEISHU_PORT", "no setting is called FEISHU_PORT (did you mean FEISHU_TOKEN_PORT?)"],
  ["APP_ID", "no setting is called APP_ID (did you mean FEISHU_APP_ID?)"],
  ["LARK_APP_SECRET", "no setting is called LARK_APP_SECRET (did you mean FEISHU_APP_SECRET?)"],
  ["FEISHU_WEBHOOK", "no setting is called FEISHU_WEBHOOK"],
  ["FEISHU_planted0planted0", "no setting is called (not shown)"],
])("readEnvFile() names the unknown %s, and the nearest that is one", async (name, note) => {
  assert.deepEqual((await read(`${name}=planted\n`)).notes, [note]);
});

Deno.test.each([
  "DATABASE_URL",
  "PORT",
  "HOST",
  "FEISHU_TOKEN_PORT",
  "FEISHU_TOKEN_PORT_8081_TCP",
  "FEISHU_TOKEN_PORT_8081_TCP_ADDR",
  "FEISHU_TOKEN_SERVICE_HOST",
  "FEISHU_TOKEN_SERVICE_PORT_HTTP",
  "FEISHU_SERVICE_HOST",
  "FEISHU_REFRESH_TOKEN",
])("readEnvFile() says nothing of %s", async (name) => {
  assert.deepEqual((await read(`${name}=x\n`)).notes, []);
});

Deno.test("readEnvFile() refuses when the file is missing", async () => {
  await using folder = await TempFolder.make();
  await assert.rejects(readEnvFile(`${folder.path}/none`, false), (error) => {
    assert(error instanceof StartError);
    assert.match(error.message, /^There is no file .*none: .*\.env\.example$/);
    return true;
  });
});

Deno.test("readEnvFile() reads nothing when an optional file is missing", async () => {
  await using folder = await TempFolder.make();
  assert.deepEqual(await readEnvFile(`${folder.path}/none`, true), { variables: {}, notes: [] });
});

Deno.test("readEnvFile() refuses what is no file, also when it is optional", async () => {
  await using folder = await TempFolder.make();
  await assert.rejects(readEnvFile(folder.path, true), /^StartError: Cannot read /);
});

Deno.test.each([
  "FEISHU_PORT=tcp://10.96.12.34:80\n",
  "FEISHU_TOKEN_PORT=tcp://10.96.12.34:8081\n",
  "FEISHU_APP_ID=cli_a1b2c3\nAPP_ID=another\n",
])("readEnvFile() says nothing of %j", async (text) => {
  assert.deepEqual((await read(text)).notes, []);
});
