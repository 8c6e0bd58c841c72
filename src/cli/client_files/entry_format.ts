/** How a client starts this server: the fields that every client's file has. */
export interface EntryCommand {
  /** Absolute path of the program. */
  readonly command: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Variables that the client adds to its child's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** An entry as a client's file has it: its fields by their names, of which `T` is what the reader looks at. */
export type EntryFields = Readonly<Record<string, unknown>>;

/** How a kind of file holds entries. Everything is pure: text in, text out. */
export interface EntryFormat {
  /**
   * The entries of `text` by their names.
   *
   * @throws UnreadableText
   */
  entries(text: string): ReadonlyMap<string, unknown>;
  /**
   * `text` with the fields of the entry `name` set, and without its `dropped` ones. Its other fields, every other entry
   * and every comment stay.
   *
   * @throws UnreadableText
   */
  set(text: string, name: string, fields: EntryFields, dropped: readonly string[]): string;
  /**
   * `text` without the entry `name`.
   *
   * @throws UnreadableText
   */
  remove(text: string, name: string): string;
}

/** The command of an entry, if it has one that can be read. */
export function commandOf(entry: unknown): EntryCommand | undefined {
  if (!isFields(entry)) return undefined;
  const { command, args = [], env = {} } = entry;
  if (typeof command !== "string" || !Array.isArray(args) || !isFields(env)) return undefined;
  return {
    command,
    args: args.map(String),
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])),
  };
}

function isFields(value: unknown): value is EntryFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
