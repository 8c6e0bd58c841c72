import { composeServer } from "../../compose.ts";
import { StartError } from "../../errors/start_error.ts";
import { openFeishuTarget } from "../target/feishu_target.ts";
import { placeNow, type ShellSettings, usesOwnPair } from "./carried_flags.ts";

/** How long the store may take to close, in milliseconds. */
const APPS_CLOSE_DEADLINE_MS = 5_000;

/**
 * Whether a program that is started with the settings of this shell has an app: one that the settings name, a whole pair,
 * or a kept app in the store.
 */
export async function hasApp(shell: ShellSettings): Promise<boolean> {
  const { config, sources } = shell;
  if (!usesOwnPair(config) || config.credentials.kind === "complete") return true;
  // A file that holds the secret is read by the server alone.
  if (sources.env("FEISHU_APP_SECRET_FILE")?.trim()) return true;
  return await keepsApps(shell);
}

async function keepsApps(shell: ShellSettings): Promise<boolean> {
  const { platform, config } = shell;
  const place = placeNow(shell);
  if (place.kind === "memory" || (place.kind === "file" && !await isThere(place.path))) return false;
  try {
    const target = await openFeishuTarget(platform, config);
    const server = await composeServer({ platform, config: { ...config, logLevel: "error" }, ...target });
    try {
      return server.apps !== null && (await server.apps.read()).apps.length > 0;
    } finally {
      await server.close(APPS_CLOSE_DEADLINE_MS);
      await target.close();
    }
  } catch (error) {
    // What keeps the store from being opened is told by the program that is started.
    if (error instanceof StartError) return false;
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
