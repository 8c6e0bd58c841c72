import assert from "node:assert/strict";
import { bashCompletion } from "../../../packaging/completions/bash_completion.ts";
import { COMPLETION_FILES } from "../../../packaging/completions/completion_files.ts";
import { completionWords } from "../../../packaging/completions/completion_words.ts";
import { writeCompletions } from "../../../packaging/completions/write_completions.ts";
import { COMMANDS } from "../../../src/cli/command_line/commands.ts";
import { readCommandLine } from "../../../src/cli/command_line/read_command_line.ts";
import { TempFolder } from "../../support/temp_folder.ts";

const words = completionWords();

/** What bash offers at the end of `line`. */
async function offered(line: string): Promise<string[]> {
  const script = `${bashCompletion(words)}
COMP_WORDS=(${line.split(" ").map((word) => `'${word}'`).join(" ")})
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_feishu_token_mcp
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { success, stdout, stderr } = await new Deno.Command("bash", { args: ["-c", script] }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n").filter((word) => word !== "");
}

Deno.test("completionWords() has every command and every flag that the command line takes, and no other", () => {
  assert.deepEqual(words.map(({ name }) => name), ["", ...Object.keys(COMMANDS)]);
  for (const { name, words: [first], flags } of words) {
    for (const { flag, takesValue } of flags) {
      const of = COMMANDS[name]?.flags?.[flag.slice(2)]?.words;
      const word = of === undefined ? first : of[0];
      const command = [name, word].filter((each) => each !== undefined && each !== "" && name !== "help");
      const program = name === "exec" && flag !== "--help" ? ["--", "ls"] : [];
      const { least = 0 } = COMMANDS[name]?.names?.[word ?? ""] ?? {};
      const named = Array.from({ length: least }, (_none, index) => `app${index}`);
      const line = [...command, ...named, flag, ...(takesValue ? ["1"] : []), ...program] as string[];
      assert.deepEqual(readCommandLine(line, COMMANDS).problems, [], line.join(" "));
    }
  }
});

Deno.test.each<[string, readonly string[]]>([
  ["feishu-token-mcp dem", ["demo"]],
  ["feishu-token-mcp token ", ["app", "tenant", "user", "refresh"]],
  ["feishu-token-mcp token app --min", ["--min-ttl"]],
  ["feishu-token-mcp --kv token --std", ["--stdio"]],
  ["feishu-token-mcp doctor --js", ["--json"]],
  ["feishu-token-mcp help tok", ["token"]],
  ["feishu-token-mcp --kv ", []],
  ["feishu-token-mcp unknown --", []],
])("bash offers at the end of `%s`: %j", async (line, expected) => {
  const found = await offered(line);
  assert.deepEqual(line === "feishu-token-mcp token " ? found.slice(0, 4) : found, expected);
});

Deno.test("writeCompletions() names in every shell's file each command and each flag", async () => {
  await using folder = await TempFolder.make();
  await writeCompletions(folder.path);
  for (const [shell, name] of Object.entries(COMPLETION_FILES)) {
    const text = await Deno.readTextFile(`${folder.path}/${name}`);
    const missing = words.flatMap(({ name: command, flags }) => [
      ...(text.includes(command) ? [] : [command]),
      ...flags.filter(({ flag }) => !text.includes(shell === "fish" ? `-l ${flag.slice(2)} ` : flag))
        .map(({ flag }) => flag),
    ]);
    assert.deepEqual(missing, [], shell);
  }
});
