/** File names of the completions, by shell: what each shell looks for. */
export const COMPLETION_FILES = {
  bash: "feishu-token-mcp.bash",
  zsh: "_feishu-token-mcp",
  fish: "feishu-token-mcp.fish",
  powershell: "feishu-token-mcp.ps1",
} as const;
