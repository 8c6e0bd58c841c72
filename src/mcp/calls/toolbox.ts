import type { Language } from "../../errors/language.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CredentialSource } from "../../ports/credential_source.ts";
import type { RepeatedLines } from "../../log/repeated_lines.ts";
import type { Log } from "../../ports/log.ts";
import type { LoginOwner } from "../../ports/login_owner.ts";
import type { LoginService } from "../../ports/logins.ts";
import type { CallContext, TokenService } from "../../ports/tokens.ts";
import { callTool } from "./call_tool.ts";
import type { CallToolResult, ListedTool } from "../messages/sdk.ts";
import type { Tool, ToolContext } from "../contract/tool.ts";
import { listTools } from "./list_tools.ts";

/** The tools of one process, to be listed and called. */
export class Toolbox {
  readonly #options: ToolboxOptions;
  readonly #byName: ReadonlyMap<string, Tool>;
  #list: readonly ListedTool[] | undefined;

  /** Makes no list yet. */
  constructor(options: ToolboxOptions) {
    this.#options = options;
    this.#byName = new Map(options.tools.map((tool) => [tool.name, tool]));
  }

  /** The answer to `tools/list`, made at its first use. */
  get list(): ListedTool[] {
    return [...this.#list ??= listTools(this.#options.tools)];
  }

  /** In the order of the table. */
  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** The tool with this name. */
  find(name: string): Tool | undefined {
    return this.#byName.get(name);
  }

  /**
   * Runs `tool`. Every failure becomes an error result: the promise never rejects.
   *
   * Every call of a client, over HTTP and stdio, comes by here before the domain. Rights of callers (which tools, apps
   * and scopes one may use) would be checked here and nowhere else: the tool, its arguments and the caller, as `owner`,
   * are known. Today a caller with a key may call every tool.
   *
   * @param signal aborted when the caller has gone.
   */
  call(tool: Tool, args: unknown, call: McpCall, signal: AbortSignal): Promise<CallToolResult> {
    const context = new ToolCallContext(this.#options, call, signal);
    return callTool({ tool, args, context, requestId: call.requestId, repeated: this.#options.repeated });
  }
}

/** Context of one call. It copies nothing: one is made for each call, and a tool reads a few of its fields. */
class ToolCallContext implements ToolContext {
  readonly #toolbox: ToolboxOptions;
  readonly #call: McpCall;
  readonly signal: AbortSignal;

  constructor(toolbox: ToolboxOptions, call: McpCall, signal: AbortSignal) {
    this.#toolbox = toolbox;
    this.#call = call;
    this.signal = signal;
  }

  get tokens(): TokenService {
    return this.#toolbox.tokens;
  }

  get logins(): LoginService {
    return this.#toolbox.logins;
  }

  get clock(): Clock {
    return this.#toolbox.clock;
  }

  get language(): Language {
    return this.#toolbox.language ?? "en";
  }

  get log(): Log {
    return this.#call.log;
  }

  get credentials(): CredentialSource {
    return this.#call.credentials;
  }

  get address(): string | undefined {
    return this.#call.caller?.address;
  }

  withOwner(): CallContext {
    const { log, signal, address } = this;
    return { log, signal, address, owner: this.#call.owner };
  }
}

/** What {@linkcode Toolbox} needs. */
export interface ToolboxOptions {
  /** In the order in which clients see them. */
  readonly tools: readonly Tool[];
  /** The domain, which every tool calls. */
  readonly tokens: TokenService;
  /** Kept logins, for the tools of logins. */
  readonly logins: LoginService;
  /** Tells how many seconds a token still works. */
  readonly clock: Clock;
  /** Of error texts; English by default. */
  readonly language?: Language;
  /** Limits the log lines of refusals, which any caller can cause; without it every one is written. */
  readonly repeated?: RepeatedLines;
}

/** What differs from call to call. */
export interface McpCall {
  /** Named by answers to unexpected failures, so that their log lines can be found. */
  readonly requestId: string;
  /** Adds the request id to each line. */
  readonly log: Log;
  /** Called only by tools that need credentials. */
  readonly credentials: CredentialSource;
  /** Whose logins the caller may use; absent for a caller without any. */
  readonly owner?: LoginOwner | undefined;
  /** The other end of the connection, or the client behind trusted proxies; absent over stdio. */
  readonly caller?: { readonly address: string } | undefined;
}
