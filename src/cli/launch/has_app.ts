import { composeServer } from "../../compose.ts";
import { FailedCommand } from "../command_line/command_failure.ts";
import { withServer } from "../work/with_server.ts";
import { placeNow, type ShellSettings, usesOwnPair } from "./carried_flags.ts";

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
    return await withServer({
      platform,
      config: { ...config, logLevel: "error" },
      compose: composeServer,
      command: "install",
      signal: new AbortController().signal,
    }, async ({ apps }) => apps !== null && (await apps.read()).apps.length > 0);
  } catch (error) {
    // What keeps the store from being opened is told by the program that is started.
    if (error instanceof FailedCommand) return false;
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
