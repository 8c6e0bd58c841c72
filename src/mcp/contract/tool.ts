import type { z } from "zod";
import type { Language, Phrase } from "../../errors/language.ts";
import type { CredentialSource } from "../../ports/credential_source.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { TokenService } from "../../ports/tokens.ts";

/** What a tool works with during one call. */
export interface ToolContext {
  /** Does the work. */
  readonly tokens: TokenService;
  /** Throws `TokenError` when there are no credentials. */
  readonly credentials: CredentialSource;
  /** Tells how long a token still works. */
  readonly clock: Clock;
  /** In which failures are shown. */
  readonly language: Language;
  /** Carries the request id. */
  readonly log: Log;
  /** Aborted when the caller is gone. */
  readonly signal?: AbortSignal;
  /** IP address of the caller; absent over stdio. */
  readonly address?: string;
}

/** What a tool does to the world, for clients that ask their user first. Every hint is stated: the defaults mislead. */
export interface ToolAnnotations {
  /** Changes nothing that anybody would notice. */
  readonly readOnlyHint: boolean;
  /** May use up or replace what was there. */
  readonly destructiveHint: boolean;
  /** The same call again changes nothing more. */
  readonly idempotentHint: boolean;
  /** Talks to a service outside this machine. */
  readonly openWorldHint: boolean;
}

/**
 * One tool, in no SDK's terms. The field errors of `input` are those of `rules` in English, and never repeat a value.
 */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  /** Stable: clients and prompts refer to it. */
  readonly name: string;
  /** For people; what clients are shown is English, as all that a model reads. */
  readonly title: Phrase;
  /** Tells a model when to call it and what to do with the answer. */
  readonly description: string;
  /** Strict: an argument it does not name is refused. */
  readonly input: Input;
  /** The rule of each argument, as the end of a sentence that starts with its name: what a refusal of it says. */
  readonly rules: Readonly<Record<keyof Input["shape"], Phrase>>;
  /** What a successful call returns. */
  readonly output: Output;
  /** What it does to the world. */
  readonly annotations: ToolAnnotations;
  /**
   * Does the work, with `input` as validated.
   *
   * @throws TokenError for every expected failure.
   */
  handler(input: z.output<Input>, context: ToolContext): Promise<z.input<Output>>;
}

/** `tool`, its schemas and its handler checked against each other, as an entry of the table. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool {
  return tool;
}
