import type { Platform } from "../compose.ts";
import type { Config } from "../config.ts";
import { StartError } from "../errors/start_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { CredentialSource } from "../ports/credential_source.ts";
import { userDataDirectory } from "../store/place.ts";
import { removeStoreFiles } from "../store/remove_store_files.ts";
import { configuredSource } from "./credentials.ts";

/** The Feishu that a command works with: the real one as configured, or a simulated one. */
export interface Backing {
  /** The machine's clock, or the one that is shared with a sandbox. */
  readonly clock: Clock;
  /** The credentials where a call brings none. */
  readonly credentials: CredentialSource;
  /** Feishu's address where it is not the brand's own. */
  readonly baseUrl: string | undefined;
  /** Name of the store's file where the configuration names no place. */
  readonly storeFile: string;
  /** Ends a sandbox that was started for this. */
  close(): Promise<void>;
}

/**
 * What the configuration asks for. A store that an earlier sandbox left under the same name is removed.
 *
 * @throws StartError in one line when there is no such sandbox.
 */
export async function openBacking(platform: Platform, config: Config): Promise<Backing> {
  if (config.sandbox.kind === "none") {
    return {
      clock: platform.clock,
      credentials: configuredSource(config.credentials),
      baseUrl: config.baseUrl,
      storeFile: "tokens.kv",
      close: () => Promise.resolve(),
    };
  }
  // Loaded only where it is used: a server for the real Feishu has no simulated one in memory.
  const { startSandboxBacking } = await import("./sandbox_backing.ts");
  const sandbox = await startSandboxBacking(platform, config, config.sandbox);
  try {
    if (sandbox.isStoreStale && config.kv === undefined) {
      await removeStale(`${userDataDirectory(platform)}/${sandbox.storeFile}`);
    }
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  const { clock, baseUrl, storeFile } = sandbox;
  return { clock, baseUrl, storeFile, credentials: () => sandbox.credentials, close: () => sandbox.close() };
}

async function removeStale(path: string): Promise<void> {
  try {
    await removeStoreFiles(path);
  } catch (error) {
    throw new StartError({
      en: `Cannot remove the old sandbox's store ${path}`,
      zh: `无法删除旧沙箱的存储 ${path}`,
    }, { nextStep: { en: "name another with --kv PATH", zh: "请用 --kv PATH 指定其他位置" }, cause: error });
  }
}
