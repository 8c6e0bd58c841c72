import assert from "node:assert/strict";
import { clientNamed } from "../../../src/cli/clients/client_named.ts";
import { placeEntry } from "../../../src/cli/install/place_entry.ts";
import { putBack } from "../../../src/cli/install/put_back.ts";
import { CommandHome } from "../token/token_platform.ts";

const ENTRY = { command: "/opt/feishu-token-mcp", args: ["--stdio"], env: {} };
const FILE = ".cursor/mcp.json";

/** Puts an entry into Cursor's file, lets Cursor write `meanwhile`, and undoes it; what is there then. */
async function undone(before: string | undefined, meanwhile: string | undefined): Promise<string[]> {
  await using home = await CommandHome.make();
  const [client, platform, path] = [clientNamed("cursor"), home.platform(), `${home.path}/${FILE}`];
  await Deno.mkdir(`${home.path}/.cursor`);
  if (before !== undefined) await Deno.writeTextFile(path, before);
  const placed = await placeEntry(client, "feishu-token", ENTRY, { platform, warn: () => {} });
  if (meanwhile !== undefined) await Deno.writeTextFile(path, meanwhile);
  const { en } = await putBack(client, "feishu-token", placed, platform);
  return [en.replaceAll(home.path, "~"), await Deno.readTextFile(path).catch(() => "(none)")];
}

const WITH_BOTH = '{"theme": 1, "mcpServers": {"feishu-token": {"command": "x"}, "a": {}}}';

Deno.test("putBack() restores the file to the byte, or removes it", async () => {
  const text = '{ "mcpServers": {"a": {}}, // mine\n}';
  assert.deepEqual(await undone(text, undefined), [`~/${FILE} is as it was`, text]);
  assert.deepEqual(await undone(undefined, undefined), [`~/${FILE} is as it was`, "(none)"]);
});

Deno.test("putBack() takes the entry alone out of a file that the client has written meanwhile", async () => {
  const [said, text = ""] = await undone("{}", WITH_BOTH);
  assert.equal(said, `Cursor has changed ~/${FILE} meanwhile, and the entry was taken out of it`);
  assert.deepEqual(JSON.parse(text), { theme: 1, mcpServers: { a: {} } });
});

Deno.test("putBack() leaves an entry that there was before to the user", async () => {
  const [said, text] = await undone('{"mcpServers": {"feishu-token": {"url": "http://x"}}}', WITH_BOTH);
  assert.match(said ?? "", /keeps the new entry: uninstall removes it/);
  assert.equal(text, WITH_BOTH);
});
