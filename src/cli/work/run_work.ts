import type { ComposedServer, composeServer } from "../../compose.ts";
import { defined } from "../../defined.ts";
import { type Config, type ConfigSources, readConfig, readLanguage } from "../../config.ts";
import type { Audience } from "../../errors/audience.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import { TokenError } from "../../errors/token_error.ts";
import type { Platform } from "../../platform.ts";
import { SettingReader } from "../../setting_reader.ts";
import {
  type CommandFailure,
  FailedCommand,
  tellFailure,
  unexpectedFailure,
  usageFailure,
  workFailure,
} from "../command_line/command_failure.ts";
import { placeFlags } from "../command_line/given_flags.ts";
import { UsageError } from "../command_line/usage_error.ts";
import { EXIT_INTERRUPTED } from "../ending/end_at_once.ts";
import { logUncaught } from "../ending/log_uncaught.ts";
import type { FeishuTarget } from "../target/feishu_target.ts";
import { Stop } from "./stop.ts";
import { withServer } from "./with_server.ts";

/** A command that works on the store, as it was called. */
export interface WorkCommand {
  /** The machine. */
  readonly platform: Platform;
  /** Of the settings. */
  readonly sources: ConfigSources;
  /** Of the env files. */
  readonly problems: readonly Phrase[];
  /** The flags that are not settings, as given. */
  readonly ownFlags: Readonly<Record<string, string | true>>;
  /** First word on the command line. */
  readonly command: string;
  /** Word behind the command. */
  readonly word: string | undefined;
  /** Names behind that. */
  readonly names: readonly string[];
  /** Command line of a program, behind `--`. */
  readonly program: readonly string[];
  /** Wires the parts. */
  readonly compose: typeof composeServer;
  /** Takes what is called after the last output. */
  readonly atEnd: (end: () => void) => void;
}

/** The Feishu that a command works with, where that is not the one of the configuration. */
export interface WorkPlace {
  /** The kept app to use. */
  readonly app?: string;
  /** The address of Feishu. */
  readonly baseUrl?: string;
  /** As in {@linkcode ComposeOptions}. */
  readonly isPlaceFixed?: boolean;
}

/** What the work of a command finds. */
export interface WorkStage {
  /** Of the environment, flags and files. The log has errors only, unless a level is set. */
  readonly config: Config;
  /** Of what people read. */
  readonly language: Language;
  /** The end by a signal. */
  readonly stop: Stop;
  /** As {@linkcode withServer}. */
  withServer<T>(
    work: (server: ComposedServer, target: FeishuTarget) => Promise<T>,
    place?: WorkPlace,
  ): Promise<T>;
}

/**
 * Does the work of a command, and tells why it failed: in a line, or as an object where `asJson` is set.
 *
 * @param work resolves to the exit code.
 * @returns the exit code, by the kind of the failure where there is one.
 */
export async function runWork(
  command: WorkCommand,
  asJson: boolean,
  work: (stage: WorkStage) => Promise<number>,
): Promise<number> {
  const { platform, compose } = command;
  const language = readLanguage(command.sources);
  let brand: Audience["brand"];
  const stop = new Stop(platform, language);
  try {
    const config = readQuietConfig(command);
    command.atEnd(logUncaught(platform, config));
    if (config.credentials.kind === "complete") brand = config.credentials.credentials.brand;
    const options = { platform, config, compose, command: command.command, signal: stop.signal };
    return await work({
      ...{ config, language, stop },
      withServer: (inside, { isPlaceFixed, ...changes } = {}) =>
        withServer({ ...options, config: { ...config, ...changes }, ...defined({ isPlaceFixed }) }, inside),
    });
  } catch (error) {
    if (stop.isReasonOf(error)) return EXIT_INTERRUPTED;
    const place = placeFlags(command.sources.flags);
    return tellFailure(platform, failureOf(error, { language, brand }), asJson, place);
  } finally {
    stop.end();
  }
}

/**
 * The configuration with a log of errors only, unless a level is set: scripts read the one failure on standard error.
 */
function readQuietConfig({ sources, problems }: WorkCommand): Config {
  const reading = readConfig(sources);
  const all = [...problems, ...(reading.ok ? [] : reading.problems)];
  if (!reading.ok || all.length > 0) throw new UsageError(...all);
  const isLevelSet = new SettingReader(sources).setBy("logLevel") !== undefined;
  return isLevelSet ? reading.config : { ...reading.config, logLevel: "error" };
}

function failureOf(error: unknown, audience: Audience): CommandFailure {
  if (error instanceof FailedCommand) return error.failure;
  if (error instanceof UsageError) return usageFailure(error.problems, audience.language);
  return error instanceof TokenError ? workFailure(error, audience) : unexpectedFailure(error, audience);
}
