import assert from "node:assert/strict";
import { readSecretFiles, type SecretFiles } from "../../../src/cli/env_file/read_secret_files.ts";
import { inEnglish } from "../../support/in_english.ts";
import { TempFolder } from "../../support/temp_folder.ts";

const SECRET = "planted-secret-in-a-file";

/** What is read where the environment is `env` alone. */
function read(
  env: Readonly<Record<string, string>>,
  file: Readonly<Record<string, string>> = {},
): Promise<SecretFiles> {
  const platform = { os: "linux", env: (name: string) => env[name] } as const;
  return readSecretFiles({ flags: {}, env: platform.env, file }, platform);
}

/** What is read where `text` is the app secret's file. */
async function readText(text: string | Uint8Array, mode = 0o600): Promise<SecretFiles> {
  await using folder = await TempFolder.make();
  const path = `${folder.path}/secret`;
  await Deno.writeFile(path, typeof text === "string" ? new TextEncoder().encode(text) : text);
  await Deno.chmod(path, mode);
  return await read({ FEISHU_APP_SECRET_FILE: path });
}

Deno.test.each([
  ["as it is", SECRET, SECRET],
  ["without its line break", `${SECRET}\n`, SECRET],
  ["without Windows' line break", `${SECRET}\r\n`, SECRET],
  ["without its byte order mark", `\uFEFF${SECRET}`, SECRET],
  ["in several lines", "a\nb\n", "a\nb"],
])("readSecretFiles() reads a file %s", async (_case, text, expected) => {
  assert.deepEqual(await readText(text), { secrets: { appSecret: expected }, notes: [], problems: [] });
});

Deno.test("readSecretFiles() reads every kind of secret, from the environment and from an env file, below home too", async () => {
  await using folder = await TempFolder.make();
  for (const name of ["app", "key", "callers"]) {
    await Deno.writeTextFile(`${folder.path}/${name}`, name, { mode: 0o400 });
  }
  const { secrets, problems } = await read({
    HOME: folder.path,
    FEISHU_APP_SECRET_FILE: `${folder.path}/app`,
    FEISHU_TOKEN_KEY_FILE: "~/key",
  }, { FEISHU_TOKEN_CALLER_KEYS_FILE: `${folder.path}/callers` });
  assert.deepEqual(problems, []);
  assert.deepEqual(secrets, { appSecret: "app", serverKey: "key", callerKeys: "callers" });
});

Deno.test("readSecretFiles() follows links, as Kubernetes mounts its secrets", async () => {
  await using folder = await TempFolder.make();
  await Deno.mkdir(`${folder.path}/..data`);
  await Deno.writeTextFile(`${folder.path}/..data/app`, SECRET, { mode: 0o400 });
  await Deno.symlink("..data/app", `${folder.path}/app`);
  assert.equal((await read({ FEISHU_APP_SECRET_FILE: `${folder.path}/app` })).secrets.appSecret, SECRET);
});

Deno.test.each([0o644, 0o660, 0o602])(
  "readSecretFiles() warns of rights, and reads all the same: %#",
  async (mode) => {
    const { secrets, notes } = await readText(SECRET, mode);
    assert.equal(secrets.appSecret, SECRET);
    assert.match(inEnglish(notes)[0] ?? "", /^FEISHU_APP_SECRET_FILE: other users .* \(0\d{3}\)/);
  },
);

Deno.test.each([0o600, 0o400, 0o440])(
  "readSecretFiles() does not warn of rights that are right: %#",
  async (mode) => {
    assert.deepEqual((await readText(SECRET, mode)).notes, []);
  },
);

Deno.test.each<[string, string]>([["", "is empty"], ["\n \n", "is empty"], [
  "x".repeat(70_000),
  "at most 65536 bytes",
]])(
  "readSecretFiles() refuses a file: %#",
  async (text, expected) => {
    const { secrets, problems } = await readText(text);
    assert.deepEqual(secrets, {});
    assert.match(inEnglish(problems)[0] ?? "", new RegExp(`^FEISHU_APP_SECRET_FILE: .*${expected}$`));
  },
);

Deno.test("readSecretFiles() refuses what is no file, and never shows the path, which may be the secret itself", async () => {
  await using folder = await TempFolder.make();
  for (const path of [folder.path, `${folder.path}/none`, SECRET, "/dev/null"]) {
    const { secrets, problems } = await read({ FEISHU_TOKEN_KEY_FILE: path });
    assert.deepEqual([secrets, problems.length], [{}, 1]);
    assert.ok(!JSON.stringify(problems).includes(path));
  }
});

Deno.test("readSecretFiles() refuses a path below an unknown home", async () => {
  assert.deepEqual(inEnglish((await read({ FEISHU_TOKEN_KEY_FILE: "~/key" })).problems), [
    "FEISHU_TOKEN_KEY_FILE: HOME is not set",
  ]);
});

Deno.test("readSecretFiles() reads nothing where nothing is set", async () => {
  assert.deepEqual(await read({ FEISHU_APP_SECRET_FILE: " " }), { secrets: {}, notes: [], problems: [] });
});
