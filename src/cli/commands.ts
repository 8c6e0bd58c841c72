import { type SettingName, settingNames } from "../settings.ts";

/** A flag that belongs to one command alone. */
export interface OwnFlag {
  /** `switch` takes no value. */
  readonly takes: "text" | "switch";
  /** Stands for the value in `--help`. */
  readonly placeholder?: string;
  /** What counts without it, in words. */
  readonly default?: string;
  /** One line. */
  readonly meaning: string;
}

/** What may stand on the command line behind a command. */
export interface Command {
  /** The settings that it takes as flags. */
  readonly settings: readonly SettingName[];
  /** The flags that are its own, by their long name. A name stands for the same form in every command. */
  readonly flags?: Readonly<Record<string, OwnFlag>>;
  /** The words of which one must follow it. */
  readonly words?: readonly string[];
  /** Why it takes no further word, where somebody may well try. */
  readonly noFurtherWord?: string;
}

/** Each command beside the server itself. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  sandbox: { settings: ["port"] },
  demo: { settings: [] },
  playground: { settings: ["port"] },
  doctor: {
    // Whatever the server is started with, so that the same command line can be checked.
    settings: settingNames(),
    flags: {
      json: { takes: "switch", meaning: "One JSON object instead of lines" },
      "refresh-token-stdin": {
        takes: "switch",
        meaning: "Look at the refresh token on standard input too, without spending it",
      },
    },
  },
  token: {
    settings: [
      "baseUrl",
      "kv",
      "sandbox",
      "sandboxPort",
      "sandboxUrl",
      "envFile",
      "envFileIfExists",
      "language",
      "logLevel",
      "logFormat",
    ],
    flags: {
      "min-ttl": {
        takes: "text",
        placeholder: "SECONDS",
        default: "300",
        meaning: "token app: how long the token must still work, 0 to 7200",
      },
      format: {
        takes: "text",
        placeholder: "FORMAT",
        default: "text",
        meaning: "text (the token alone), json (what the MCP tools answer) or env (NAME=value lines)",
      },
      json: { takes: "switch", meaning: "Same as --format json" },
    },
    words: ["app", "refresh"],
    noFurtherWord:
      "a refresh token is read from standard input, since whoever lists processes sees arguments",
  },
};
