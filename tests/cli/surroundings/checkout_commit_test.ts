import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { checkoutCommit } from "../../../src/cli/surroundings/checkout_commit.ts";
import { TempFolder } from "../../support/temp_folder.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const OTHER = "89abcdef0123456789abcdef0123456789abcdef";

/** A folder with these files, by path. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<TempFolder> {
  const folder = await TempFolder.make();
  for (const [path, text] of Object.entries(files)) {
    const whole = `${folder.path}/${path}`;
    await Deno.mkdir(whole.slice(0, whole.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(whole, text.replaceAll("FOLDER", folder.path));
  }
  return folder;
}

Deno.test.each<[string, Readonly<Record<string, string>>, string | undefined]>([
  ["its branch", { ".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": `${COMMIT}\n` }, COMMIT],
  ["a commit without a branch", { ".git/HEAD": `${COMMIT}\n` }, COMMIT],
  ["a branch among the packed ones", {
    ".git/HEAD": "ref: refs/heads/x/y-1.0\n",
    ".git/packed-refs": `# pack-refs\n${OTHER} refs/heads/main\n${COMMIT} refs/heads/x/y-1.0\n`,
  }, COMMIT],
  ["a branch of a worktree", {
    ".git": "gitdir: FOLDER/main/.git/worktrees/w\n",
    "main/.git/worktrees/w/HEAD": "ref: refs/heads/w\n",
    "main/.git/worktrees/w/commondir": "../..\n",
    "main/.git/refs/heads/w": `${COMMIT}\n`,
  }, COMMIT],
  ["no repository", { "main.ts": "" }, undefined],
  ["a branch without a commit", { ".git/HEAD": "ref: refs/heads/main\n" }, undefined],
  ["a name that leads elsewhere", {
    ".git/HEAD": "ref: ../../secret\n",
    "secret": COMMIT,
  }, undefined],
])("checkoutCommit() finds of %s what git has", async (_name, files, commit) => {
  await using folder = await folderOf(files);
  assert.equal(await checkoutCommit(pathToFileURL(`${folder.path}/`)), commit);
});
