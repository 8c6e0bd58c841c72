/** What lark-mcp itself seals is read: its cipher, its folder, its form of a store. */
import assert from "node:assert/strict";
import encryption from "@larksuiteoapi/lark-mcp/dist/auth/utils/encryption.js";
import { readLarkMcpLogin } from "../../src/cli/login/read_lark_mcp_login.ts";
import { Secret } from "../../src/secret.ts";
import { TempFolder } from "../support/temp_folder.ts";

Deno.test("login import --from lark-mcp reads what lark-mcp seals", async () => {
  await using home = await TempFolder.make();
  const folder = `${home.path}/lark-mcp-nodejs`;
  await Deno.mkdir(folder);
  const key = encryption.EncryptionUtil.generateKey();
  const login = { token: "u-a", clientId: "LOCAL", scopes: [], extra: { refreshToken: "ur-a" } };
  const store = { localTokens: { cli_5a4db0c000000001: "u-a" }, tokens: { "u-a": login }, clients: {} };
  const sealed = new encryption.EncryptionUtil(key).encrypt(JSON.stringify(store, null, 2));
  await Deno.writeTextFile(`${folder}/storage.json`, sealed);
  const env = (name: string): string | undefined => name === "XDG_DATA_HOME" ? home.path : undefined;
  const found = await readLarkMcpLogin({ os: "linux", env }, new Secret(key), "cli_5a4db0c000000001");
  assert.equal(found.reveal(), "ur-a");
});
