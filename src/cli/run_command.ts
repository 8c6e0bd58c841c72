import type { Platform } from "../compose.ts";
import { readConfig } from "../config.ts";
import { StartError } from "../errors/start_error.ts";
import { TokenError } from "../errors/token_error.ts";
import { VERSION } from "../version.ts";
import { COMMANDS } from "./commands.ts";
import { readEnvFile } from "./env_file.ts";
import { type CommandLine, readCommandLine } from "./flags.ts";
import { helpText } from "./help.ts";
import { serve } from "./serve.ts";

/** Exit code where something keeps the program from starting: usage, configuration, port, store. */
const EXIT_USAGE = 2;

/**
 * Runs the program as the command line asks.
 *
 * @returns the exit code. What is wrong is on standard error, one line each, without a stack trace.
 */
export async function runCommand(args: readonly string[], platform: Platform): Promise<number> {
  const line = readCommandLine(args, COMMANDS);
  try {
    if (line.problems.length === 0 && line.help) return tell(platform, helpText());
    if (line.problems.length === 0 && line.version) return tell(platform, `feishu-token-mcp ${VERSION}\n`);
    if (line.command === undefined) return await runServer(line, platform);
    if (line.problems.length > 0) return refuse(platform, line.problems);
    return await dispatch(line.command, line, platform);
  } catch (error) {
    if (error instanceof StartError) return refuse(platform, [error.message]);
    if (error instanceof TokenError) {
      const { message, next_step } = error.report();
      return refuse(platform, [`${message}. ${next_step}`]);
    }
    throw error;
  }
}

async function runServer(line: CommandLine, platform: Platform): Promise<number> {
  const { flags } = line;
  const problems = [...line.problems];
  const file = {
    ...await envFile(flags.envFileIfExists, true, problems),
    ...await envFile(flags.envFile, false, problems),
  };
  const reading = readConfig({ flags, env: platform.env, file, isTerminal: platform.isTerminal });
  if (!reading.ok) problems.push(...reading.problems);
  return reading.ok && problems.length === 0
    ? await serve(platform, reading.config)
    : refuse(platform, problems);
}

async function dispatch(command: string, { flags }: CommandLine, platform: Platform): Promise<number> {
  // Loaded only where they run: a server for the real Feishu has no simulated one in memory.
  if (command === "demo") {
    const { runDemo } = await import("./demo.ts");
    return await runDemo(platform);
  }
  const port = typeof flags.port === "string" ? flags.port : undefined;
  if (command === "playground") {
    const { runPlayground } = await import("./playground.ts");
    return await runPlayground(platform, port);
  }
  const { runSandbox } = await import("./sandbox.ts");
  return await runSandbox(platform, port);
}

/** The file's variables; what is wrong with it goes to `problems`, beside everything else that is wrong. */
async function envFile(
  path: string | true | undefined,
  isOptional: boolean,
  problems: string[],
): Promise<Record<string, string>> {
  if (typeof path !== "string") return {};
  try {
    return await readEnvFile(path, isOptional);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    problems.push(error.message);
    return {};
  }
}

function refuse(platform: Platform, problems: readonly string[]): number {
  for (const problem of problems) platform.writeError(`feishu-token-mcp: ${problem}\n`);
  return EXIT_USAGE;
}

function tell(platform: Platform, text: string): number {
  platform.writeOutput(text);
  return 0;
}
