import type { OfferedCommand } from "./completion_words.ts";

/** The completion for PowerShell, to be dot-sourced from the profile. */
export function powershellCompletion(commands: readonly OfferedCommand[]): string {
  const names = commands.map(({ name }) => name).filter((name) => name !== "");
  const valueFlags = new Set(
    commands.flatMap(({ flags }) => flags.filter(({ takesValue }) => takesValue).map(({ flag }) => flag)),
  );
  return `# Completion of feishu-token-mcp for PowerShell. Generated from its table of commands.
Register-ArgumentCompleter -Native -CommandName 'feishu-token-mcp' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $valueFlags = ${list([...valueFlags])}
  $words = @{
${commands.map(({ name, words }) => `    '${name}' = ${list(name === "" ? names : words)}`).join("\n")}
  }
  $flags = @{
${commands.map(({ name, flags }) => `    '${name}' = ${list(flags.map(({ flag }) => flag))}`).join("\n")}
  }
  $command = ''
  $skip = $false
  foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
    $text = $element.ToString()
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    if ($skip) { $skip = $false; continue }
    if ($valueFlags -contains $text) { $skip = $true; continue }
    if ($command -eq '' -and -not $text.StartsWith('-')) { $command = $text }
  }
  if ($skip -or -not $flags.ContainsKey($command)) { return }
  $offered = if ($wordToComplete.StartsWith('-')) { $flags[$command] } else { $words[$command] }
  $offered | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

function list(words: readonly string[]): string {
  return `@(${words.map((word) => `'${word}'`).join(", ")})`;
}
