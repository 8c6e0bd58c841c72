import { COMMANDS } from "../../src/cli/command_line/commands.ts";
import { startsPrograms } from "../../src/cli/surroundings/starts_programs.ts";
import { setting, settingNames } from "../../src/settings.ts";

/** What the launcher of the npm package knows of the program's command line: `server/words.json`. */
export interface LauncherWords {
  /** Flags whose next word is their value. */
  readonly valueFlags: readonly string[];
  /** Commands that start programs, with the flags of which one must be there; none where they always do. */
  readonly startingPrograms: Readonly<Record<string, readonly string[]>>;
}

/** Commands that write a client's or a system's configuration by the client's or the system's own commands. */
const WRITE_CONFIGURATION = { setup: [], install: [], uninstall: [], keep: ["--install", "--uninstall"] };

/** Makes it from the tables of commands and settings. */
export function launcherWords(): LauncherWords {
  const own = Object.values(COMMANDS).flatMap(({ flags = {} }) => Object.entries(flags));
  const shared = settingNames().map(setting).map(({ flag, takes }) => [flag, { takes }] as const);
  const values = [...own, ...shared].filter(([flag, { takes }]) => flag !== undefined && takes !== "switch");
  const starting = Object.keys(COMMANDS).filter((command) => startsPrograms(command, false));
  return {
    valueFlags: [...new Set(values.map(([flag]) => `--${flag}`))].sort(),
    startingPrograms: {
      ...WRITE_CONFIGURATION,
      ...Object.fromEntries(starting.map((command) => [command, []])),
    },
  };
}
