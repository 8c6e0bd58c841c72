import { listed } from "../../errors/listed.ts";
import type { Phrase } from "../../errors/language.ts";
import { didYouMean } from "../command_line/did_you_mean.ts";
import { nearest } from "../command_line/nearest.ts";
import { shownWord } from "../command_line/shown_word.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { MCP_CLIENTS } from "./mcp_clients.ts";
import type { McpClient } from "./mcp_client.ts";

/** Other names that people give them. */
const ALIASES: Readonly<Record<string, string>> = {
  claude: "claude-code",
  code: "vscode",
  "vs-code": "vscode",
  "visual-studio-code": "vscode",
  "codex-cli": "codex",
};

/**
 * The client `name`.
 *
 * @throws UsageError with the nearest name, or with all of them.
 */
export function clientNamed(name: string): McpClient {
  const names = MCP_CLIENTS.map((each) => each.name);
  const word = name.trim().toLowerCase().replaceAll(/[\s_]+/g, "-");
  const found = MCP_CLIENTS.find((each) => each.name === word);
  if (found !== undefined) return found;
  const shown = shownWord(name);
  const alias = Object.hasOwn(ALIASES, word) ? ALIASES[word] : undefined;
  const near = alias ?? nearest(word, names);
  const hint = near === undefined ? allOf(names) : didYouMean(near, names);
  throw new UsageError({
    en: `There is no client ${shown.en}: ${hint.en}`,
    zh: `没有名为 ${shown.zh} 的客户端：${hint.zh}`,
  });
}

/** All names, for a message. */
export function allClientNames(): Phrase {
  return allOf(MCP_CLIENTS.map(({ name }) => name));
}

function allOf(names: readonly string[]): Phrase {
  return {
    en: `choose from ${listed(names, ", ", " or ")}`,
    zh: `可选 ${listed(names, "、", " 或 ")}`,
  };
}
