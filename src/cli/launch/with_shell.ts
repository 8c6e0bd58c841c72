import { type ConfigSources, readConfig, readLanguage } from "../../config.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import type { Platform } from "../../platform.ts";
import { tellFailure, usageFailure } from "../command_line/command_failure.ts";
import { EXIT_CODES } from "../command_line/exit_codes.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { lackingPermissions } from "../surroundings/lacking_permissions.ts";
import type { ShellSettings } from "./carried_flags.ts";

/** A command that has something else start this program, as it was called. */
export interface ShellCommand {
  /** The machine. */
  readonly platform: Platform;
  /** Of the settings. */
  readonly sources: ConfigSources;
  /** Of the env files. */
  readonly problems: readonly Phrase[];
  /** The flags that are not settings, as given. */
  readonly ownFlags: Readonly<Record<string, string | true>>;
}

/** What the work of such a command finds. */
export interface ShellStage extends ShellSettings {
  /** Of what people read. */
  readonly language: Language;
  /** Writes a line for the user to standard output. */
  say(line: Phrase): void;
  /** Writes a line for the user to standard error. */
  warn(line: Phrase): void;
}

/**
 * Does the work of a command, and tells why it failed in one line.
 *
 * @param name as in the message about missing permissions.
 * @returns the exit code: 2 for what cannot be read, 3 for what has to be changed on the machine.
 */
export async function withShell(
  { platform, sources, problems }: ShellCommand,
  name: string,
  work: (stage: ShellStage) => Promise<number>,
): Promise<number> {
  const language = readLanguage(sources);
  const warn = (line: Phrase): void => platform.stderr.write(`feishu-token-mcp: ${line[language]}\n`);
  const say = (line: Phrase): void => platform.stdout.write(`${line[language]}\n`);
  try {
    const reading = readConfig(sources);
    const all = [...problems, ...(reading.ok ? [] : reading.problems)];
    if (!reading.ok || all.length > 0) throw new UsageError(...all);
    return await work({ platform, sources, config: reading.config, language, say, warn });
  } catch (error) {
    if (error instanceof UsageError) {
      return tellFailure(platform, usageFailure(error.problems, language), false);
    }
    const told = await lackingPermissions(error, name) ?? error;
    if (!(told instanceof StartError)) throw error;
    warn(told.line);
    return EXIT_CODES.config;
  }
}
