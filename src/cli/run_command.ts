import { composeServer } from "../compose.ts";
import type { Platform } from "../platform.ts";
import { type ConfigSources, readConfig, readLanguage } from "../config.ts";
import type { Language, Phrase } from "../errors/language.ts";
import { StartError } from "../errors/start_error.ts";
import { TokenError } from "../errors/token_error.ts";
import { expandedPath, readHomeForm } from "../store/files/read_home_form.ts";
import { COMMANDS } from "./command_line/commands.ts";
import { type EnvFile, readEnvFile } from "./env_file/env_file.ts";
import { finishOutput } from "./ending/finish_output.ts";
import { type CommandLine, readCommandLine } from "./command_line/read_command_line.ts";
import { flushLog } from "./ending/flush_log.ts";
import { readSecretFiles } from "./env_file/read_secret_files.ts";
import { hasFilledEnvFile } from "./env_file/has_filled_env_file.ts";
import { commandHelp, helpText } from "./command_line/help_text.ts";
import { lackingPermissions } from "./surroundings/lacking_permissions.ts";
import { serve } from "./serve.ts";
import { inShownCommands } from "./command_line/shown_command.ts";
import { tellFailure, unexpectedFailure, usageFailure } from "./command_line/command_failure.ts";
import { setsTimer, startsPrograms } from "./surroundings/starts_programs.ts";
import { tooOldDeno } from "./surroundings/too_old_deno.ts";
import { versionText } from "./surroundings/version_text.ts";
import type { WorkCommand } from "./work/run_work.ts";

/** Exit code where the program cannot start: command line, configuration, port, store. */
const EXIT_USAGE = 2;

/**
 * Runs the program as the command line asks. When it resolves, the output of a command is written in full; a server's
 * log is written as far as its reader has taken it within a second.
 *
 * @param compose wires the parts of a command that works on the store.
 * @returns the exit code. Problems are on standard error, one line each, without a stack trace.
 */
export async function runCommand(
  args: readonly string[],
  platform: Platform,
  compose: typeof composeServer = composeServer,
): Promise<number> {
  const line = readCommandLine(args, COMMANDS);
  // Before anything is read or served: no fault of a server can start a program then.
  if (!startsPrograms(line.command, Deno.build.standalone, line.ownFlags)) platform.giveUpRunning();
  const problems: Phrase[] = [];
  const sources = await configSources(line, platform, problems);
  const language = readLanguage(sources);
  const ends: (() => void)[] = [];
  const atEnd = (end: () => void): void => void ends.push(end);
  try {
    const exitCode = await run({ line, platform, compose, sources, problems, language, atEnd });
    return isServer(line) ? exitCode : await finishOutput(platform, language, exitCode);
  } finally {
    await flushLog(platform);
    for (const end of ends) end();
  }
}

/** One run of the program. */
interface Run {
  readonly line: CommandLine;
  readonly platform: Platform;
  readonly compose: typeof composeServer;
  readonly sources: ConfigSources;
  /** Of the env files. */
  readonly problems: readonly Phrase[];
  readonly language: Language;
  /** Takes what is called after the last output. */
  readonly atEnd: (end: () => void) => void;
}

async function run(all: Run): Promise<number> {
  const { line, platform, language } = all;
  try {
    if (line.problems.length === 0 && line.help) {
      return tell(
        platform,
        line.topic === undefined ? helpText(language) : commandHelp(line.topic, language),
      );
    }
    if (line.problems.length === 0 && line.version) return tell(platform, await versionText());
    // First: on an old Deno other things fail, and their messages do not name the reason.
    const tooOld = tooOldDeno(Deno.version.deno);
    if (tooOld !== undefined) return refuse(platform, [tooOld.textIn(language)]);
    if (line.command === undefined) return await runServer(all);
    if (line.problems.length > 0) {
      return tellFailure(platform, usageFailure(line.problems, language), wantsJson(line.ownFlags));
    }
    return await dispatch(line.command, all);
  } catch (error) {
    const lacking = await lackingPermissions(error, line.command);
    if (lacking !== undefined) return refuse(platform, [lacking.textIn(language)]);
    if (error instanceof StartError) return refuse(platform, [error.textIn(language)]);
    if (error instanceof TokenError) return refuse(platform, [error.sentence({ language, door: "cli" })]);
    // Not rethrown: Deno would print its message and stack, which may quote a secret.
    return tellFailure(platform, unexpectedFailure(error, { language }), wantsJson(line.ownFlags));
  }
}

/** Whether the server runs, which itself waits until its last answers are read. */
function isServer({ command, help, version }: CommandLine): boolean {
  return command === undefined && !help && !version;
}

async function runServer({ line, platform, sources, problems: fileProblems, atEnd }: Run): Promise<number> {
  const reading = readConfig(sources);
  const problems = [...line.problems, ...fileProblems, ...(reading.ok ? [] : reading.problems)];
  return reading.ok && problems.length === 0
    ? await serve(platform, reading.config, atEnd)
    : refuse(platform, problems.map((problem) => problem[readLanguage(sources)]));
}

async function dispatch(
  command: string,
  { line, platform, compose, sources, problems, atEnd }: Run,
): Promise<number> {
  const { ownFlags, word } = line;
  // Loaded on demand: a server for the real Feishu keeps no simulated one in memory.
  switch (command) {
    case "demo": {
      const { runDemo } = await import("./demo/run_demo.ts");
      return await runDemo(platform, { language: readLanguage(sources) });
    }
    case "doctor": {
      const { runDoctor } = await import("./doctor/run_doctor.ts");
      return await runDoctor({ platform, sources, problems, ownFlags });
    }
  }
  const work = await workOf(command, ownFlags);
  if (work !== undefined) {
    const { program = [], names = [] } = line;
    return await work({
      platform,
      compose,
      sources,
      problems,
      ownFlags,
      command,
      word,
      names,
      program,
      atEnd,
    });
  }
  const port = typeof line.flags.port === "string" ? line.flags.port : undefined;
  if (command === "playground") {
    const { runPlayground } = await import("./playground/run_playground.ts");
    return await runPlayground(platform, { port, sources, problems });
  }
  const { runSandbox } = await import("./run_sandbox.ts");
  return await runSandbox(platform, { port, sources });
}

/** What runs a command that works with the settings, and mostly on the store. */
async function workOf(
  command: string,
  ownFlags: CommandLine["ownFlags"],
): Promise<((called: WorkCommand) => Promise<number>) | undefined> {
  switch (command) {
    case "token":
      return (await import("./token/run_token.ts")).runToken;
    case "login":
      return (await import("./login/run_login.ts")).runLogin;
    case "status":
      return (await import("./logins/run_status.ts")).runStatus;
    case "logout":
      return (await import("./logins/run_logout.ts")).runLogout;
    case "keep":
      if (setsTimer(ownFlags)) return (await import("./timer/run_keep_timer.ts")).runKeepTimer;
      return (await import("./logins/run_keep.ts")).runKeep;
    case "setup":
      return (await import("./setup/run_setup.ts")).runSetup;
    case "app":
      return (await import("./apps/run_app.ts")).runApp;
    case "exec":
      return (await import("./exec/run_exec.ts")).runExec;
    case "install":
      return (await import("./install/run_install.ts")).runInstall;
    case "uninstall":
      return (await import("./install/run_uninstall.ts")).runUninstall;
    default:
      return undefined;
  }
}

/** The sources of settings. Adds what is wrong with an env file, or with the file of a secret, to `problems`. */
async function configSources(
  line: CommandLine,
  platform: Platform,
  problems: Phrase[],
): Promise<ConfigSources> {
  const { env, isTerminal, locale } = platform;
  const { flags } = line;
  const optional = await envFile(flags.envFileIfExists, true, platform, problems);
  const needed = await envFile(flags.envFile, false, platform, problems);
  const given = { flags, env, file: { ...optional.variables, ...needed.variables } };
  const { secrets, notes, problems: unread } = await readSecretFiles(given, platform);
  problems.push(...unread);
  return {
    ...given,
    secrets,
    secretNotes: notes,
    fileNotes: [...optional.notes, ...needed.notes],
    hasUnreadEnvFile: wantsCredentials(line, env) && await hasFilledEnvFile(),
    isTerminal,
    locale,
  };
}

/** Whether the credentials are missing and may be in a file that no flag names. */
function wantsCredentials({ flags, help, version }: CommandLine, env: Platform["env"]): boolean {
  const isFileNamed = flags.envFile !== undefined || flags.envFileIfExists !== undefined;
  const isSandboxed = flags.sandbox !== undefined || flags.sandboxUrl !== undefined;
  if (help || version || isFileNamed || isSandboxed) return false;
  const isSet = (name: string): boolean => (env(name) ?? "").trim() !== "";
  return !isSet("FEISHU_APP_ID") || (!isSet("FEISHU_APP_SECRET") && !isSet("FEISHU_APP_SECRET_FILE"));
}

/** Reads the file at `path`. Adds what is wrong with it to `problems`. */
async function envFile(
  path: string | true | undefined,
  isOptional: boolean,
  platform: Platform,
  problems: Phrase[],
): Promise<EnvFile> {
  const nothing: EnvFile = { variables: {}, notes: [] };
  if (typeof path !== "string") return nothing;
  try {
    // MCP clients pass ~ and ${HOME} on unexpanded, as in the place of the store.
    const reading = readHomeForm(path);
    return await readEnvFile(reading.kind === "home" ? expandedPath(reading, platform) : path, isOptional);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    problems.push(error.line);
    return nothing;
  }
}

function wantsJson({ json, format }: CommandLine["ownFlags"]): boolean {
  return json === true || format === "json";
}

function refuse(platform: Platform, lines: readonly string[]): number {
  for (const line of lines) platform.stderr.write(`feishu-token-mcp: ${inShownCommands(line)}\n`);
  return EXIT_USAGE;
}

function tell(platform: Platform, text: string): number {
  platform.stdout.write(text);
  return 0;
}
