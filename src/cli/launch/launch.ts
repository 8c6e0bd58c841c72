import type { Phrase } from "../../errors/language.ts";
import { VERSION } from "../../version.ts";
import { SettingReader } from "../../setting_reader.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { carriedFlags, placeNow, type ShellSettings, usesOwnPair } from "./carried_flags.ts";
import { carriedVariables, withPassword } from "./carried_variables.ts";
import { dockerLaunch } from "./docker_launch.ts";
import { programLaunch } from "./program_launch.ts";
import { OUTSIDE_NAMES } from "../../outside_names.ts";
import { refusedSecrets } from "./refused_secrets.ts";
import type { SettledPath } from "./settle.ts";

/** In which form the program is started: as it runs now, or anew out of npm's registry or a registry of images. */
export type LaunchForm = "own" | "npx" | "docker";

/** A command line for another program, with the variables that go with it. It holds no secret. */
export interface Launch {
  /** Absolute path of the executable. */
  readonly command: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Variables to add to the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What has to be copied first. */
  readonly copies: readonly SettledPath[];
  /** What somebody should know who uses it. */
  readonly warnings: readonly Phrase[];
}

/**
 * The command line that starts this program with `words`, the settings of this shell, and nothing else of it.
 *
 * @throws UsageError where that takes a secret that only the environment has; StartError for other settings.
 */
export async function launch(
  form: LaunchForm,
  words: readonly string[],
  shell: ShellSettings,
): Promise<Launch> {
  const { platform, sources, config } = shell;
  const refused = refusedSecrets(sources, {
    usesApp: usesOwnPair(config),
    usesNetworkStore: placeNow(shell).kind === "remote",
  });
  if (refused.length > 0) throw new UsageError(...refused);
  const own = form === "own" ? await programLaunch(platform) : undefined;
  const flags = carriedFlags(shell);
  const env = carriedVariables(platform, { usesApp: usesOwnPair(config), usesDeno: own?.usesDeno ?? false });
  const warnings = withPassword(env).map(passwordWarning);
  if (own !== undefined) {
    const { command, args, copies } = own;
    return { command, args: [...args, ...words, ...flags], env, copies, warnings };
  }
  if (form === "npx") {
    const npx = await platform.findTool("npx") ?? "npx";
    const args = ["-y", `${OUTSIDE_NAMES.npmPackage}@${VERSION}`, ...words, ...flags];
    return { command: npx, args, env, copies: [], warnings };
  }
  const docker = await platform.findTool("docker") ?? "docker";
  const isPlaceGiven = new SettingReader(sources).setBy("kv") !== undefined;
  const inside = dockerLaunch({ docker, flags, variables: env, isPlaceGiven });
  const args = [...inside.args, ...words, ...inside.flags];
  return { command: inside.command, args, env: {}, copies: [], warnings };
}

function passwordWarning(name: string): Phrase {
  return {
    en: `${name} has a password in it, which is written along with it`,
    zh: `${name} 中含有密码，会一并写入`,
  };
}
