import type { OfferedCommand } from "./completion_words.ts";

/** The completion for fish. */
export function fishCompletion(commands: readonly OfferedCommand[]): string {
  const named = commands.filter(({ name }) => name !== "");
  const all = named.map(({ name }) => name).join(" ");
  return [
    "# Completion of feishu-token-mcp for fish. Generated from its table of commands.",
    "complete -c feishu-token-mcp -f",
    `complete -c feishu-token-mcp -n 'not __fish_seen_subcommand_from ${all}' -a '${all}'`,
    ...commands.flatMap(({ name, words, flags }) => {
      const condition = name === ""
        ? `not __fish_seen_subcommand_from ${all}`
        : `__fish_seen_subcommand_from ${name}`;
      const line = `complete -c feishu-token-mcp -n '${condition}'`;
      return [
        ...(words.length === 0 ? [] : [`${line} -a '${words.join(" ")}'`]),
        ...flags.map(({ flag, takesValue, meaning }) =>
          `${line} -l ${flag.replace(/^--/, "")}${takesValue ? " -rF" : ""} -d '${
            meaning.replace(/['\\]/g, "\\$&")
          }'`
        ),
      ];
    }),
    "",
  ].join("\n");
}
