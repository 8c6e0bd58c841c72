import type { Platform } from "../../platform.ts";
import type { Config, SandboxUse } from "../../config.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CredentialSource } from "../../ports/credential_source.ts";
import { configuredSource } from "./configured_source.ts";

/** The Feishu that a command works with: the real one as configured, or a simulated one. */
export interface FeishuTarget {
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
 * What the configuration asks for.
 *
 * @param signal ends the wait for a sandbox that does not answer.
 * @throws StartError in one line when there is no such sandbox; the reason of `signal` once that has aborted.
 */
export async function openFeishuTarget(
  platform: Platform,
  config: Config,
  signal?: AbortSignal,
): Promise<FeishuTarget> {
  const storeFile = storeFileOf(config.sandbox);
  if (config.sandbox.kind === "none") {
    return {
      clock: platform.clock,
      credentials: configuredSource(config.credentials),
      baseUrl: config.baseUrl,
      storeFile,
      close: () => Promise.resolve(),
    };
  }
  // Loaded only where it is used: a server for the real Feishu has no simulated one in memory.
  const { startSandboxTarget } = await import("./sandbox_target.ts");
  const { clock, baseUrl, credentials, close } = await startSandboxTarget(
    platform,
    config,
    { ...config.sandbox, signal },
  );
  return { clock, baseUrl, storeFile, credentials: () => credentials, close };
}

/** Tokens of a simulated Feishu are never beside real ones. */
function storeFileOf(sandbox: SandboxUse): string {
  switch (sandbox.kind) {
    case "none":
      return "tokens.kv";
    case "embedded":
      return "sandbox.kv";
    case "elsewhere":
      return `sandbox-at-${new URL(sandbox.url).port || "80"}.kv`;
  }
}
