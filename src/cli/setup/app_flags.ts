import type { KeptApp } from "../../ports/app_keeper.ts";
import { placeFlags } from "../command_line/given_flags.ts";
import type { WorkCommand } from "../work/run_work.ts";

/** The flags by which other commands find the app and the store that the setup worked on. */
export function appFlags(app: KeptApp, { sources }: Pick<WorkCommand, "sources">): string[] {
  return placeFlags({ ...sources.flags, app: app.name });
}
