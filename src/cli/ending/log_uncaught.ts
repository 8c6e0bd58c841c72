import { composeLog } from "../../compose.ts";
import type { Platform } from "../../platform.ts";
import type { Config } from "../../config.ts";
import { errorClass } from "../../errors/error_class.ts";
import { stackFrames } from "../../errors/stack_frames.ts";
import { Mask } from "../../log/mask.ts";

/**
 * Logs uncaught errors and lets the process go on: an error of one call must end neither the renewals of others nor the
 * write of a pair. Logs no message, which may quote what a caller sent.
 *
 * @returns what ends that.
 */
export function logUncaught(platform: Platform, config: Pick<Config, "logLevel" | "logFormat">): () => void {
  const log = composeLog(platform, config, new Mask());
  return platform.onUncaught((error) => {
    log.error("error that nobody caught, going on", { error: errorClass(error) });
    log.debug("error that nobody caught at", { at: stackFrames(error) });
  });
}
