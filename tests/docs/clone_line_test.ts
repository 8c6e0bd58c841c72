import assert from "node:assert/strict";
import { hostEnvironment } from "../clients/host_environment.ts";
import { TempFolder } from "../support/temp_folder.ts";
import { commandBlocks } from "./command_blocks.ts";
import { readPage } from "./pages.ts";

async function cloneScript(page: string): Promise<string> {
  const block = commandBlocks(await readPage(page)).find(({ script }) => script.startsWith("git clone"));
  assert.ok(block, `no git clone in ${page}`);
  return block.script;
}

/** Runs `script` as a person types it, in `folder`. */
async function typed(
  script: string,
  folder: string,
  env: Record<string, string>,
): Promise<Deno.CommandOutput> {
  return await new Deno.Command("bash", {
    args: ["-c", script],
    cwd: folder,
    env: { ...await hostEnvironment(folder), GIT_CONFIG_NOSYSTEM: "1", ...env },
    clearEnv: true,
  }).output();
}

Deno.test({
  name: "the README's clone leaves the reader in the folder of the project",
  ignore: Deno.build.os === "windows",
  async fn(): Promise<void> {
    await using folder = await TempFolder.make();
    const author = "git -c user.name=a -c user.email=a@example.com -c commit.gpgsign=false";
    const made = await typed(
      `git init -q origin && cd origin && touch deno.json && git add . && ${author} commit -qm x`,
      folder.path,
      {},
    );
    assert.equal(made.code, 0, new TextDecoder().decode(made.stderr));
    const script = `${await cloneScript("README.md")}ls deno.json && pwd`;
    const { code, stdout } = await typed(script, folder.path, { REPOSITORY: `${folder.path}/origin` });
    assert.equal(code, 0);
    assert.match(new TextDecoder().decode(stdout), /^deno\.json\n.*\/feishu-token-mcp\n$/);
  },
});

Deno.test.each(["README.md", "README.zh-CN.md"])("the clone of %s says what it needs", async (page) => {
  await using folder = await TempFolder.make();
  const { code, stderr } = await typed(await cloneScript(page), folder.path, {});
  assert.notEqual(code, 0);
  assert.match(new TextDecoder().decode(stderr), /REPOSITORY: set it to the address of this repository/);
});
