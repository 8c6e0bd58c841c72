import type { Phrase } from "../../errors/language.ts";
import type { Launch } from "../launch/launch.ts";

/** What one system has for commands that run from time to time. */
export interface SystemTimer {
  /**
   * Has the system run the command, in place of what an earlier call made.
   *
   * @returns what the user should know.
   * @throws StartError where the system refuses; nothing is left behind then.
   */
  install(keep: Launch): Promise<readonly Phrase[]>;
  /**
   * Ends that. Does nothing where there is no such timer.
   *
   * @returns whether there was one.
   */
  uninstall(): Promise<boolean>;
}

/** How often the system runs `keep`, in hours: a login can be renewed for days, and a failed round is made up for. */
export const TIMER_HOURS = 6;
