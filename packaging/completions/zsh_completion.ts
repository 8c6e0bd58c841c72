import type { OfferedCommand, OfferedFlag } from "./completion_words.ts";

/** The completion for zsh, to be put on its `fpath` as `_feishu-token-mcp`. */
export function zshCompletion(commands: readonly OfferedCommand[]): string {
  const named = commands.filter(({ name }) => name !== "");
  const server = commands.find(({ name }) => name === "");
  return `#compdef feishu-token-mcp
# Completion of feishu-token-mcp for zsh. Generated from its table of commands.
_feishu_token_mcp() {
  local curcontext=$curcontext state line
  local -a server
  server=(
${(server?.flags ?? []).map((flag) => `    ${argument(flag)}`).join("\n")}
  )
  _arguments -C $server '1: :(${named.map(({ name }) => name).join(" ")})' '*:: :->rest'
  [[ $state == rest ]] || return
  case $line[1] in
${
    named.map(({ name, words, flags }) =>
      [
        `    ${name})`,
        `      _arguments${words.length === 0 ? "" : ` '1: :(${words.join(" ")})'`} \\`,
        ...flags.map((flag) => `        ${argument(flag)} \\`),
        "        '*:file:_files'",
        "      ;;",
      ].join("\n")
    ).join("\n")
  }
  esac
}
_feishu_token_mcp "$@"
`;
}

function argument({ flag, takesValue, meaning }: OfferedFlag): string {
  const text = meaning.replaceAll("'", "'\\''").replace(/[[\]:\\]/g, "\\$&");
  return `'${flag}${takesValue ? "=" : ""}[${text}]${takesValue ? ":value:_files" : ""}'`;
}
