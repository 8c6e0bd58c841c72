import assert from "node:assert/strict";
import { denoWords, inShownCommands, shownCommand } from "../../../src/cli/command_line/shown_command.ts";

Deno.test("shownCommand() gives the task where there are sources", () => {
  const deno = denoWords(Deno.execPath(), Deno.version.deno);
  assert.equal(shownCommand(["token", "app"]), [...deno, "task", "token", "app"].join(" "));
});

Deno.test("inShownCommands() shows each command as it is typed here, and leaves everything else", () => {
  assert.equal(
    inShownCommands("Run `feishu-token-mcp app add NAME`, or `feishu-token-mcp --help` of feishu-token-mcp."),
    `Run \`${shownCommand(["app", "add", "NAME"])}\`, or \`feishu-token-mcp --help\` of feishu-token-mcp.`,
  );
});

Deno.test.each<[string, string]>([
  ["/home/me/.deno/bin/deno", "deno"],
  ["/usr/lib/node_modules/deno/deno", "deno"],
  ["/home/me/.npm/_npx/0a1b/node_modules/@deno/linux-x64-glibc/deno", "npx -y deno@2.9.6"],
  ["C:\\Users\\me\\AppData\\Local\\npm-cache\\_npx\\0a1b\\node_modules\\deno\\deno.exe", "npx -y deno@2.9.6"],
])("denoWords() calls %s as it was called: %s", (path, words) => {
  assert.equal(denoWords(path, "2.9.6").join(" "), words);
});

Deno.test("inShownCommands() gives a command that works on a store the flags that name it", () => {
  const place = ["--sandbox-url", "http://127.0.0.1:8082"];
  assert.equal(
    inShownCommands("Run `feishu-token-mcp login`, or `feishu-token-mcp start`.", place),
    `Run \`${shownCommand(["login", ...place])}\`, or \`${shownCommand(["start"])}\`.`,
  );
});
