import type { SettingName } from "../settings.ts";

/** Each command beside the server itself, with the flags it takes. */
export const COMMANDS: Readonly<Record<string, readonly SettingName[]>> = {
  sandbox: ["port"],
  demo: [],
  playground: ["port"],
};
