import { type ComposedServer, composeServer, type Platform } from "../compose.ts";
import type { Config } from "../config.ts";
import { StartError } from "../errors/start_error.ts";
import { userDataDirectory } from "../store/place.ts";
import { removeStoreFiles } from "../store/remove_store_files.ts";
import { VERSION } from "../version.ts";
import { configuredSource } from "./credentials.ts";
import type { SandboxBacking } from "./sandbox_backing.ts";

/** How long a renewal in flight may take to finish after a signal: a spending call and what follows it. */
const SHUTDOWN_DEADLINE_MS = 40_000;
/** Exit code after a second signal, by convention 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;

const NO_CREDENTIALS =
  "no app credentials yet: set FEISHU_APP_ID and FEISHU_APP_SECRET (developer console, your app, Credentials & Basic " +
  "Info) and restart, or try it without an account with --sandbox";

/**
 * Runs the server until its client or a signal ends it.
 *
 * @returns the exit code.
 * @throws StartError in one line for whatever keeps it from starting.
 */
export async function serve(platform: Platform, config: Config): Promise<number> {
  const stopped = untilSignal(platform);
  try {
    const backing = await backingOf(platform, config);
    try {
      await serveBacked(platform, config, backing, stopped.signal);
    } finally {
      await backing?.close();
    }
    return 0;
  } finally {
    stopped.end();
  }
}

async function serveBacked(
  platform: Platform,
  config: Config,
  backing: SandboxBacking | null,
  stopped: AbortSignal,
): Promise<void> {
  const storeFile = backing?.storeFile ?? "tokens.kv";
  if (backing?.isStoreStale && config.kv === undefined) {
    await removeStale(`${userDataDirectory(platform)}/${storeFile}`);
  }
  const server = await composeServer({
    platform,
    config,
    clock: backing?.clock ?? platform.clock,
    credentials: backing === null ? configuredSource(config.credentials) : () => backing.credentials,
    baseUrl: backing?.baseUrl ?? config.baseUrl,
    storeFile,
  });
  try {
    for (const warning of config.warnings) server.log.warn(warning);
    if (backing === null && config.credentials.kind === "missing") server.log.warn(NO_CREDENTIALS);
    if (config.transport === "stdio") await serveOneClient(server, stopped);
    else await serveHttp(server, config, stopped);
  } finally {
    await server.close(SHUTDOWN_DEADLINE_MS);
  }
}

async function removeStale(path: string): Promise<void> {
  try {
    await removeStoreFiles(path);
  } catch (error) {
    throw new StartError(`Cannot remove the old sandbox's store ${path}: name another with --kv PATH`, {
      cause: error,
    });
  }
}

async function serveOneClient(server: ComposedServer, stopped: AbortSignal): Promise<void> {
  server.log.info("serving one MCP client on standard input and output", { version: VERSION });
  await server.serveStdio(stopped);
}

async function serveHttp(server: ComposedServer, config: Config, stopped: AbortSignal): Promise<void> {
  const listening = await server.listen((address) => {
    if (address.isLoopback || config.sandbox.kind !== "none" || config.credentials.kind === "missing") return;
    throw new StartError(
      `Refusing to listen on ${address.hostname}:${address.port}: the app credentials of the environment would be ` +
        "served to everybody who can reach it; use --host 127.0.0.1, or unset FEISHU_APP_ID and FEISHU_APP_SECRET",
    );
  });
  server.log.announce("listening", { url: `${listening.url}/mcp`, version: VERSION });
  if (!stopped.aborted) {
    await new Promise<void>((resolve) => stopped.addEventListener("abort", () => resolve()));
  }
  server.log.info("stopping: renewals in flight are finished first, a second signal ends at once");
  await listening.shutdown(SHUTDOWN_DEADLINE_MS);
}

async function backingOf(platform: Platform, config: Config): Promise<SandboxBacking | null> {
  if (config.sandbox.kind === "none") return null;
  // Loaded only where it is used: a server for the real Feishu has no simulated one in memory.
  const { startSandboxBacking } = await import("./sandbox_backing.ts");
  return await startSandboxBacking(platform, config);
}

/** Aborted by the first signal; the second leaves at once, the journal holding what a start will need. */
function untilSignal(platform: Platform): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController();
  const end = platform.onSignal(() => {
    if (controller.signal.aborted) platform.exit(EXIT_INTERRUPTED);
    controller.abort(new Error("Stopped by a signal"));
  });
  return { signal: controller.signal, end };
}
