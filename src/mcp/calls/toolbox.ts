import type { Language } from "../../errors/language.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CredentialSource } from "../../ports/credential_source.ts";
import type { RepeatedLines } from "../../log/repeated_lines.ts";
import type { Log } from "../../ports/log.ts";
import type { TokenService } from "../../ports/tokens.ts";
import { callTool } from "./call_tool.ts";
import type { CallToolResult, ListedTool } from "../messages/sdk.ts";
import type { Tool } from "../contract/tool.ts";
import { listTools } from "./list_tools.ts";

/** What the tools of one process are made of. */
export interface ToolboxOptions {
  /** In the order in which clients see them. */
  readonly tools: readonly Tool[];
  /** Does what the tools promise. */
  readonly tokens: TokenService;
  /** Tells how long a token still works. */
  readonly clock: Clock;
  /** In which failures are shown; English where it is not given. */
  readonly language?: Language;
  /** Counts the lines of equal refusals, where strangers can cause them; without it each is written. */
  readonly repeated?: RepeatedLines;
}

/** What is particular to one call. */
export interface McpCall {
  /** Shown to the caller where only the log knows more. */
  readonly requestId: string;
  /** Carries the request id. */
  readonly log: Log;
  /** Asked only by tools that need them. */
  readonly credentials: CredentialSource;
  /** Where it comes from; absent over stdio. */
  readonly caller?: { readonly address: string } | undefined;
}

/** The tools, ready to be listed and called. */
export class Toolbox {
  readonly #options: ToolboxOptions;
  readonly #byName: ReadonlyMap<string, Tool>;
  #list: readonly ListedTool[] | undefined;

  /** For one process: making the list takes longer than many calls. */
  constructor(options: ToolboxOptions) {
    this.#options = options;
    this.#byName = new Map(options.tools.map((tool) => [tool.name, tool]));
  }

  /** What `tools/list` answers. Made when it is asked for first. */
  get list(): ListedTool[] {
    return [...this.#list ??= listTools(this.#options.tools)];
  }

  /** In the order in which clients see them. */
  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** The tool of that name. */
  find(name: string): Tool | undefined {
    return this.#byName.get(name);
  }

  /** Runs `tool`. Whatever happens becomes a result. `signal` is aborted when the caller is gone. */
  call(tool: Tool, args: unknown, call: McpCall, signal: AbortSignal): Promise<CallToolResult> {
    const { tokens, clock, language = "en", repeated } = this.#options;
    const { requestId, log, credentials, caller } = call;
    const common = { tokens, credentials, clock, language, log, signal };
    const context = caller === undefined ? common : { ...common, address: caller.address };
    return callTool({ tool, args, context, requestId, repeated });
  }
}
