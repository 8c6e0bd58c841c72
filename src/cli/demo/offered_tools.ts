import type { Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";
import { TOOL_TABLE } from "../../mcp/tools/tool_table.ts";
import type { DemoClient } from "./demo_client.ts";

/** What a client sees of the server's tools. */
export interface OfferedTools {
  /** Whether these are all tools of this program, in their order. */
  readonly isEvery: boolean;
  /** Their number and their names. */
  readonly seen: Phrase;
}

/** Asks `client` for the tools. */
export async function offeredTools(client: DemoClient): Promise<OfferedTools> {
  const names = (await client.toolNames()).join(", ");
  const known = TOOL_TABLE.map(({ name }) => name);
  return { isEvery: names === known.join(", "), seen: verbatim(`${known.length} (${names})`) };
}
