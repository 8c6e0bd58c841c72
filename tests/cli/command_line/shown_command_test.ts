import assert from "node:assert/strict";
import { denoWords, shownCommand } from "../../../src/cli/command_line/shown_command.ts";

Deno.test("shownCommand() gives the task where there are sources", () => {
  assert.equal(shownCommand(["token", "app"]), "deno task token app");
});

Deno.test.each<[string, string]>([
  ["/home/me/.deno/bin/deno", "deno"],
  ["/usr/lib/node_modules/deno/deno", "deno"],
  ["/home/me/.npm/_npx/0a1b/node_modules/@deno/linux-x64-glibc/deno", "npx -y deno@2.9.6"],
  ["C:\\Users\\me\\AppData\\Local\\npm-cache\\_npx\\0a1b\\node_modules\\deno\\deno.exe", "npx -y deno@2.9.6"],
])("denoWords() calls %s as it was called: %s", (path, words) => {
  assert.equal(denoWords(path, "2.9.6").join(" "), words);
});
