import { z } from "zod";
import { codeBlocks, readPage } from "../docs/pages.ts";

/** One way to connect one client, as `docs/clients.md` gives it. */
export type Snippet =
  | {
    readonly host: string;
    readonly kind: "stdio";
    readonly command: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  }
  | { readonly host: string; readonly kind: "http"; readonly url: string };

const EntrySchema = z.union([
  z.strictObject({ type: z.literal("http").optional(), url: z.url() }),
  z.strictObject({
    type: z.literal("stdio").optional(),
    command: z.string(),
    args: z.array(z.string()),
    env: z.record(z.string(), z.string()),
  }),
]);

/** VS Code has `servers` and `inputs` where all others have `mcpServers`. */
const FileSchema = z.union([
  z.strictObject({ mcpServers: z.strictObject({ "feishu-token": EntrySchema }) })
    .transform(({ mcpServers }) => mcpServers["feishu-token"]),
  z.strictObject({
    inputs: z.array(z.object({ type: z.literal("promptString"), id: z.string() })).optional(),
    servers: z.strictObject({ "feishu-token": EntrySchema }),
  }).transform(({ servers }) => servers["feishu-token"]),
]);

/** Every snippet of the page, under the heading that it stands under. */
export async function readSnippets(): Promise<Snippet[]> {
  const [, ...sections] = (await readPage("docs/clients.md")).split(/^## /m);
  return sections.flatMap((section) => {
    const host = section.slice(0, section.indexOf("\n"));
    const files = codeBlocks(section, "json").map((block) => FileSchema.parse(JSON.parse(block)));
    const lines = codeBlocks(section, "sh").filter((block) => block.startsWith("claude ")).map(
      readClaudeLine,
    );
    return [...lines, ...files].map((entry) =>
      "url" in entry
        ? { host, kind: "http" as const, url: entry.url }
        : { host, kind: "stdio" as const, command: entry.command, args: entry.args, env: entry.env }
    );
  });
}

/** `claude mcp add NAME -e KEY=VALUE -- COMMAND ARGUMENTS`, or `claude mcp add --transport http NAME URL`. */
function readClaudeLine(line: string): z.infer<typeof EntrySchema> {
  const [options = "", server] = line.trim().split(" -- ");
  if (server === undefined) {
    return { url: /^claude mcp add --transport http feishu-token (\S+)$/.exec(options)?.[1] ?? "" };
  }
  const [command = "", ...args] = server.split(" ");
  const env = [...options.matchAll(/ -e (\w+)=(\S+)/g)].map(([, name = "", value = ""]) => [name, value]);
  return { command, args, env: Object.fromEntries(env) };
}
