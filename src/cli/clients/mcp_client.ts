import type { EntryCommand, EntryFields, EntryFormat } from "../client_files/entry_format.ts";
import type { Phrase } from "../../errors/language.ts";
import type { Platform } from "../../platform.ts";

/** The machine, as far as it says where a client has its files. */
export type ClientMachine = Pick<Platform, "os" | "env">;

/** A client's own command, which changes its configuration. */
export interface OwnCommand {
  /** Name on `PATH`. */
  readonly program: string;
  /** Arguments that add an entry for the user, for every project. */
  add(name: string, entry: EntryCommand): readonly string[];
  /** Arguments that remove one; absent where there is no such command. */
  remove?(name: string): readonly string[];
  /** Whether an entry must be removed before another of its name is added. */
  readonly removesFirst?: true;
}

/** An MCP client whose configuration is known. */
export interface McpClient {
  /** As it is given to `--client`. */
  readonly name: string;
  /** As its makers write it. */
  readonly title: string;
  /** How its file holds entries. */
  readonly format: EntryFormat;
  /** The text that somebody can paste into such a file. */
  snippet(name: string, fields: EntryFields): string;
  /**
   * Path of the user's file.
   *
   * @throws UnsetVariable where no variable tells it.
   */
  place(machine: ClientMachine): Promise<string>;
  /** The entry for a server. */
  fields(entry: EntryCommand): EntryFields;
  /** Its own command, where it has one. */
  readonly own?: OwnCommand;
  /** What the user does for the change to count: a sentence. */
  readonly afterwards: Phrase;
}

/** Fields of an entry for a server over HTTP, which would contradict a command. */
export const REMOTE_FIELDS: readonly string[] = [
  "url",
  "serverUrl",
  "headers",
  "bearer_token_env_var",
  "http_headers",
];
