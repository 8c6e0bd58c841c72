import { COMMANDS } from "../../src/cli/command_line/commands.ts";
import { setting, type SettingName, settingNames } from "../../src/settings.ts";

/** A word that a shell may offer. */
export interface OfferedFlag {
  /** With its dashes. */
  readonly flag: string;
  /** Whether a value follows. */
  readonly takesValue: boolean;
  /** One line, in English, as in `--help`. */
  readonly meaning: string;
}

/** What may follow a command. */
export interface OfferedCommand {
  readonly name: string;
  /** Second words, of which one follows. */
  readonly words: readonly string[];
  readonly flags: readonly OfferedFlag[];
}

const HELP: OfferedFlag = { flag: "--help", takesValue: false, meaning: "Show the help" };

/** Every command with its words and flags, from the table that the command line is read by. `""` is the server. */
export function completionWords(): readonly OfferedCommand[] {
  const server = { name: "", words: [], flags: [...sharedFlags(settingNames()), HELP] };
  return [
    server,
    ...Object.entries(COMMANDS).map(([name, { settings, flags = {}, words = [] }]) => ({
      name,
      words: name === "help" ? Object.keys(COMMANDS) : words,
      flags: [
        ...Object.entries(flags).map(([flag, { takes, meaning }]) => ({
          flag: `--${flag}`,
          takesValue: takes !== "switch",
          meaning: meaning.en,
        })),
        ...sharedFlags(settings),
        HELP,
      ],
    })),
  ];
}

function sharedFlags(names: readonly SettingName[]): OfferedFlag[] {
  return names.map(setting).flatMap(({ flag, takes, meaning }) =>
    flag === undefined ? [] : [{ flag: `--${flag}`, takesValue: takes !== "switch", meaning: meaning.en }]
  );
}
