import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import { readLarkMcpLogin } from "../../../src/cli/login/read_lark_mcp_login.ts";
import { UsageError } from "../../../src/cli/command_line/usage_error.ts";
import { Secret } from "../../../src/secret.ts";
import { TempFolder } from "../../support/temp_folder.ts";

const KEY = "0f".repeat(32);
const APP_ID = "cli_5a4db0c000000001";

/** The refresh token that is read where lark-mcp's store holds `text`; the problem where there is none. */
async function read(text: string | undefined, key = KEY): Promise<string> {
  await using home = await TempFolder.make();
  const folder = `${home.path}/.local/share/lark-mcp-nodejs`;
  await Deno.mkdir(folder, { recursive: true });
  if (text !== undefined) await Deno.writeTextFile(`${folder}/storage.json`, text);
  const env = (name: string): string | undefined => name === "HOME" ? home.path : undefined;
  try {
    return (await readLarkMcpLogin({ os: "linux", env }, new Secret(key), APP_ID)).reveal();
  } catch (error) {
    assert(error instanceof UsageError);
    const [{ en } = { en: "" }] = error.problems;
    assert.doesNotMatch(en, /planted/);
    return en.replace(home.path, "~");
  }
}

/** `store` as lark-mcp 0.5.1 seals it (dist/auth/utils/encryption.js). */
function sealed(store: unknown, key = KEY): string {
  const iv = new Uint8Array(16).fill(7);
  const cipher = createCipheriv("aes-256-cbc", Uint8Array.fromHex(key), iv);
  return `${iv.toHex()}:${cipher.update(JSON.stringify(store), "utf8", "hex")}${cipher.final("hex")}`;
}

const LOGIN = {
  token: "u-planted",
  clientId: "c",
  scopes: [],
  extra: { refreshToken: "ur-planted", appId: APP_ID },
};

Deno.test("readLarkMcpLogin() finds the refresh token of the app's local login", async () => {
  const store = {
    localTokens: { cli_other00000000001: "u-other", [APP_ID]: "u-planted" },
    tokens: { "u-other": { ...LOGIN, extra: { refreshToken: "ur-other" } }, "u-planted": LOGIN },
    clients: {},
  };
  assert.equal(await read(sealed(store)), "ur-planted");
});

const NO_LOGIN = /^lark-mcp has no login of cli_5a4db0c000000001 that could be renewed/;
const UNREADABLE =
  /^The key does not open lark-mcp's store ~\/\.local\/share\/lark-mcp-nodejs\/storage\.json, or/;

Deno.test.each<[string, string | undefined, string, RegExp]>([
  ["there is no store", undefined, KEY, /^lark-mcp has no store at ~\/\.local/],
  ["what is given is no key", sealed({ tokens: {} }), "ur-planted", /^Standard input must hold the key/],
  ["the key is another one", sealed({ tokens: {} }), "ab".repeat(32), UNREADABLE],
  ["the store is damaged", "planted", KEY, UNREADABLE],
  ["the store has another form", sealed({ tokens: "planted" }), KEY, UNREADABLE],
  ["nobody is logged in", sealed({ tokens: {}, clients: {} }), KEY, NO_LOGIN],
  [
    "the login cannot be renewed",
    sealed({ localTokens: { [APP_ID]: "u" }, tokens: { u: {} } }),
    KEY,
    NO_LOGIN,
  ],
])("readLarkMcpLogin() says what is wrong where %s", async (_case, text, key, said) => {
  assert.match(await read(text, key), said);
});
