import type * as z from "zod";
import type { Language, Phrase } from "../../errors/language.ts";
import type { CredentialSource } from "../../ports/credential_source.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { LoginService } from "../../ports/logins.ts";
import type { CallContext, TokenService } from "../../ports/tokens.ts";

/** What a tool needs for one call. */
export interface ToolContext {
  /** The domain. */
  readonly tokens: TokenService;
  /** Kept logins. */
  readonly logins: LoginService;
  /** Throws `TokenError` when there are no credentials. */
  readonly credentials: CredentialSource;
  /** Tells how many seconds a token still works. */
  readonly clock: Clock;
  /** Of error texts and warnings. */
  readonly language: Language;
  /** Adds the request id to each line. */
  readonly log: Log;
  /** Aborted when the caller has gone. */
  readonly signal?: AbortSignal;
  /** IP address of the caller; absent over stdio. */
  readonly address?: string | undefined;
  /**
   * The call with the owner of its logins, for the tools that use any. To be called first: the owner is read from the
   * request, which is gone once its caller is, while the call may go on.
   */
  withOwner(): CallContext;
}

/** The effects of a tool, for clients that ask before a call. All are set: the protocol's defaults do not fit. */
export interface ToolAnnotations {
  /** Changes nothing that anybody would notice. */
  readonly readOnlyHint: boolean;
  /** May use up or replace something. */
  readonly destructiveHint: boolean;
  /** Repeating the call changes nothing more. */
  readonly idempotentHint: boolean;
  /** Talks to a service outside this machine. */
  readonly openWorldHint: boolean;
}

/** One tool, independent of any SDK. */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  /** Stable: clients and prompts refer to it. */
  readonly name: string;
  /** For people. Clients get the English one, like everything that a model reads. */
  readonly title: Phrase;
  /** Tells a model when to call it and what to do with the answer. */
  readonly description: string;
  /**
   * The schema of the arguments, which refuses unknown ones. Its messages are the English `rules`, and never repeat a value.
   * It is made at the first call: making those of all tools took a twentieth of a start.
   */
  readonly input: () => Input;
  /** By argument: its rule as a refusal states it, the end of a sentence that starts with the argument's name. */
  readonly rules: Readonly<Record<keyof Input["shape"], Phrase>>;
  /** The schema of what a successful call returns, made at the first list. */
  readonly output: () => Output;
  /** Its effects. */
  readonly annotations: ToolAnnotations;
  /**
   * Runs the tool with validated input.
   *
   * @throws TokenError for every expected failure.
   */
  handler(input: z.output<Input>, context: ToolContext): Promise<z.input<Output>>;
}

/** Lets the compiler check the handler of `tool` against its schemas; the result is an entry of the table. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool {
  return tool;
}
