import type { ConfigSources } from "../../config.ts";
import type { Language } from "../../errors/language.ts";
import { SettingReader } from "../../setting_reader.ts";
import { setting } from "../../settings.ts";

const ENV_FILES = ["envFileIfExists", "envFile"] as const;

/**
 * Arguments of the playground's server. Where the environment or an env file has app credentials, it uses the real
 * Feishu and reads the same env files; else it uses a sandbox.
 */
export function playgroundServerArgs(sources: ConfigSources, language: Language): string[] {
  const common = ["--port", "0", "--log-format", "json", "--lang", language];
  if (!isReal(sources)) return [...common, "--sandbox", "--sandbox-port", "0"];
  const files = ENV_FILES.flatMap((name) => {
    const path = sources.flags[name];
    return typeof path === "string" ? [`--${setting(name).flag}`, path] : [];
  });
  return [...common, ...files];
}

/** Whether the real Feishu is meant, not the sandbox. */
function isReal(sources: ConfigSources): boolean {
  const read = new SettingReader(sources);
  return read.text("appId") !== undefined || read.text("appSecret") !== undefined;
}
