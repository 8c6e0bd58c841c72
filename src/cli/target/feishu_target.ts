import type { Platform } from "../../platform.ts";
import type { Config, SandboxUse } from "../../config.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CredentialSource } from "../../ports/credential_source.ts";
import { configuredSource } from "./configured_source.ts";

/** The Feishu that a command works with: the real one, or a simulated one. */
export interface FeishuTarget {
  /** The machine's, or the one that is shared with a sandbox. */
  readonly clock: Clock;
  /** For calls that bring none. */
  readonly credentials: CredentialSource;
  /** Absent for the brand's own hosts. */
  readonly baseUrl: string | undefined;
  /** What names the records of that Feishu, where its address may change. */
  readonly at?: string;
  /** Name of the store's file, for a configuration that names no place. */
  readonly storeFile: string;
  /** Ends a sandbox that was started for it. */
  close(): Promise<void>;
}

/**
 * Opens the target that the configuration names.
 *
 * @param signal ends the wait for a sandbox that does not answer.
 * @throws StartError when there is no such sandbox; the reason of `signal` once it is aborted.
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
  // Loaded on demand: a server for the real Feishu keeps no simulated one in memory.
  const { startSandboxTarget } = await import("./sandbox_target.ts");
  if (config.sandbox.kind === "kept") {
    const { startKeptSandbox } = await import("./kept_sandbox.ts");
    const { id, ...kept } = await startKeptSandbox(platform, config, { path: config.sandbox.path, signal });
    const { credentials: ofKept } = kept;
    return { ...kept, storeFile: `sandbox-${id}.kv`, at: `sandbox:${id}`, credentials: () => ofKept };
  }
  const { clock, baseUrl, credentials, close } = await startSandboxTarget(
    platform,
    config,
    { ...config.sandbox, signal },
  );
  return { clock, baseUrl, storeFile, credentials: () => credentials, close };
}

/** Name of the store's file where no place is named. Tokens of a simulated Feishu have a file of their own. */
export function storeFileOf(sandbox: SandboxUse): string {
  switch (sandbox.kind) {
    case "none":
      return "tokens.kv";
    case "embedded":
      return "sandbox.kv";
    // The file's name has the sandbox's id, which is in its state.
    case "kept":
      return "sandbox-kept.kv";
    case "elsewhere":
      return `sandbox-at-${new URL(sandbox.url).port || "80"}.kv`;
  }
}
