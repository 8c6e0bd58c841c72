import type { OfferedCommand } from "./completion_words.ts";

/** The completion for bash. After a flag with a value it offers files. */
export function bashCompletion(commands: readonly OfferedCommand[]): string {
  const valueFlags = [
    ...new Set(commands.flatMap(({ flags }) => flags.filter(({ takesValue }) => takesValue))),
  ]
    .map(({ flag }) => flag);
  const names = commands.map(({ name }) => name).filter((name) => name !== "");
  return `# Completion of feishu-token-mcp for bash. Generated from its table of commands.
_feishu_token_mcp() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= word= at
  COMPREPLY=()
  case $previous in
    ${[...new Set(valueFlags)].join("|")})
      compopt -o default 2>/dev/null
      return
      ;;
  esac
  for ((at = 1; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
      --) compopt -o default 2>/dev/null; return ;;
      ${[...new Set(valueFlags)].join("|")}) ((at++)) ;;
      -*) ;;
      *) if [[ -z $command ]]; then command=\${COMP_WORDS[at]}; elif [[ -z $word ]]; then word=\${COMP_WORDS[at]}; fi ;;
    esac
  done
  local words= flags=
  case $command in
${
    commands.map(({ name, words, flags }) => {
      const next = name === "" ? names : words;
      return `    ${name === "" ? "''" : name}) words=${quoted(next)} flags=${
        quoted(flags.map(({ flag }) => flag))
      } ;;`;
    }).join("\n")
  }
    *) return ;;
  esac
  [[ -n $word ]] && words=
  if [[ $current == -* || -z $words ]]; then words=$flags; fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _feishu_token_mcp feishu-token-mcp
`;
}

function quoted(words: readonly string[]): string {
  return `'${words.join(" ")}'`;
}
