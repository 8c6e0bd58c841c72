import type { Phrase } from "../../errors/language.ts";
import type { SettingName } from "../../settings.ts";

/** A flag that only one command has. */
export interface OwnFlag {
  /** `switch` takes no value; `optional` takes one or none: the word right behind it, unless that is a flag. */
  readonly takes: "text" | "switch" | "optional";
  /** Name of the value in `--help`. */
  readonly placeholder?: string;
  /** In words. */
  readonly default?: Phrase;
  /** One line of `--help`. */
  readonly meaning: Phrase;
  /** The words of the command that have it, `""` for the command without a word; absent for all of them. */
  readonly words?: readonly string[];
}

/** How many names may follow the word of a command. */
export interface NameCount {
  /** How they are shown in messages, such as `NAME`. */
  readonly shown: Phrase;
  /** At least. */
  readonly least: number;
  /** At most. */
  readonly most: number;
}

/** What a command takes. */
export interface Command {
  /** Those that it takes as flags. */
  readonly settings: readonly SettingName[];
  /** Its own, by their long name. Commands that have the same name have it in the same form. */
  readonly flags?: Readonly<Record<string, OwnFlag>>;
  /** Settings that it takes from the environment but not as flags. */
  readonly variables?: readonly SettingName[];
  /** Its `--port`, where that is not the server's: no variable sets it. */
  readonly port?: Pick<OwnFlag, "default" | "meaning">;
  /** Whether its exit code tells the kind of a failure. */
  readonly exitsByKind?: true;
  /** Exit codes that it alone has. */
  readonly exits?: Readonly<Record<string, Phrase>>;
  /** One of them must follow the command. */
  readonly words?: readonly string[];
  /** Whether it works without a word, too. */
  readonly isWordOptional?: true;
  /** How many names follow each of its words: none where it is not listed. */
  readonly names?: Readonly<Record<string, NameCount>>;
  /** Why it takes no further word, where a user may well try one. */
  readonly noFurtherWord?: Phrase;
  /** Whether the command line of a program must follow it, behind `--`. */
  readonly takesProgram?: true;
}

/** Every command, by its name. */
export type Commands = Readonly<Record<string, Command>>;

/** The command `name`, if there is one. */
export function commandNamed(name: string, commands: Commands): Command | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}
