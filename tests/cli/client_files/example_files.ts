import { jsonFormat } from "../../../src/cli/client_files/json_format.ts";
import { tomlFormat } from "../../../src/cli/client_files/toml_format.ts";
import type { EntryFields, EntryFormat } from "../../../src/cli/client_files/entry_format.ts";

/** An entry to put into the examples. */
export const FIELDS: EntryFields = {
  command: "/opt/a b/deno",
  args: ["run", "-P=serve", "/home/小明/main.ts", "--stdio", 'C:\\x"y'],
  env: { HTTPS_PROXY: "http://proxy.example.com:3128", "odd.name": "%h $x" },
};

/** A client's file as people have it. */
export interface ExampleFile {
  readonly name: string;
  readonly format: EntryFormat;
  readonly text: string;
}

const FORMATS: readonly (readonly [name: string, format: EntryFormat])[] = [
  ["claude_desktop.json", jsonFormat("mcpServers")],
  ["claude_code.json", jsonFormat("mcpServers")],
  ["claude_code_minified.json", jsonFormat("mcpServers")],
  ["cursor.json", jsonFormat("mcpServers")],
  ["vscode.json", jsonFormat("servers")],
  ["codex.toml", tomlFormat("mcp_servers")],
  ["codex_with_entry.toml", tomlFormat("mcp_servers")],
  ["trae.json", jsonFormat("mcpServers")],
  ["windsurf.json", jsonFormat("mcpServers")],
  ["zed.json", jsonFormat("context_servers")],
];

/** Every example, as it is and with the line ends of Windows. */
export const EXAMPLE_FILES: readonly ExampleFile[] = await Promise.all(
  FORMATS.flatMap(([name, format]) =>
    ["\n", "\r\n"].map(async (eol) => ({
      name: eol === "\n" ? name : `${name} with CRLF`,
      format,
      text: (await readExample(name)).replaceAll("\n", eol),
    }))
  ),
);

/** The example `name`. */
export async function readExample(name: string): Promise<string> {
  // Not by its own ending: the formatter would make it regular.
  return await Deno.readTextFile(new URL(`./examples/${name}.txt`, import.meta.url));
}
