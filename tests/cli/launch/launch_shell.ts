import { type Launch, launch, type LaunchForm } from "../../../src/cli/launch/launch.ts";
import { readConfig } from "../../../src/config.ts";
import type { Platform } from "../../../src/platform.ts";
import { joinPhrases } from "../../../src/errors/join_phrases.ts";
import type { SettingName } from "../../../src/settings.ts";
import { CommandHome } from "../token/token_platform.ts";

/** The shell in which a launch is made. */
export interface LaunchShell {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: Partial<Record<SettingName, string | true>>;
  readonly file?: Readonly<Record<string, string>>;
  readonly os?: Platform["os"];
  readonly self?: Partial<Platform["self"]>;
  /** Programs on `PATH`. */
  readonly tools?: Readonly<Record<string, string>>;
  readonly form?: LaunchForm;
  readonly locale?: string;
}

/** A binary, whose launch has nothing but the program's own words. */
export const BINARY: Platform["self"] = {
  execPath: "/opt/飞书/feishu-token-mcp",
  mainModule: "file:///main.ts",
  isBinary: true,
  cwd: "/work/my project",
};

/** The launch of a server in that shell. */
export async function launchIn(shell: LaunchShell): Promise<Launch> {
  await using home = await CommandHome.make();
  const env = { HOME: "/home/ming", PATH: "/usr/bin", ...shell.env };
  const platform = home.platform({
    env,
    os: shell.os ?? "linux",
    self: { ...BINARY, ...shell.self },
    findTool: (name) => Promise.resolve(shell.tools?.[name]),
  });
  const sources = {
    flags: shell.flags ?? {},
    env: platform.env,
    file: shell.file ?? {},
    isTerminal: false,
    locale: shell.locale,
  };
  const reading = readConfig(sources);
  if (!reading.ok) throw new Error(joinPhrases(reading.problems).en);
  return await launch(shell.form ?? "own", ["--stdio"], { platform, sources, config: reading.config });
}
