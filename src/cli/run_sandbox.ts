import { composeLog } from "../compose.ts";
import type { Platform } from "../platform.ts";
import { type ConfigSources, DEFAULT_SANDBOX_PORT, readLogging } from "../config.ts";
import { StartError } from "../errors/start_error.ts";
import { Mask } from "../log/mask.ts";
import { OffsetClock } from "../sandbox/offset_clock.ts";
import { openSandbox } from "./target/open_sandbox.ts";

/**
 * Runs the simulated Feishu alone until a signal ends it. Of the settings only those of the log apply.
 *
 * @param options `port` is as given on the command line.
 * @returns the exit code.
 * @throws StartError where it cannot start.
 */
export async function runSandbox(
  platform: Platform,
  options: { readonly port: string | undefined; readonly sources: ConfigSources },
): Promise<number> {
  const { port, sources } = options;
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new StartError({
      en: "--port must be a port from 0 to 65535",
      zh: "--port 必须是 0 到 65535 之间的端口",
    });
  }
  const log = composeLog(platform, readLogging(sources), new Mask());
  const stopped = Promise.withResolvers<void>();
  const end = platform.onSignal(() => stopped.resolve());
  try {
    const sandbox = await openSandbox(
      platform,
      new OffsetClock(platform.clock),
      port === undefined ? DEFAULT_SANDBOX_PORT : Number(port),
      "--port",
      log,
    );
    await stopped.promise;
    await sandbox.close();
    return 0;
  } finally {
    end();
  }
}
