import { childCommand } from "../../harness/child_command.ts";
import { PROJECT_FOLDER } from "../../tools/project_folder.ts";

/** A way to start the program under test, whose environment is `env` and nothing else. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Never the repository: a program that is installed runs anywhere. */
  readonly cwd: string;
}

/** How a run of the program ended. */
export interface ProgramRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program to its end. */
export async function runProgram(program: Program, args: readonly string[]): Promise<ProgramRun> {
  const { code, stdout, stderr } = await programCommand(program, args).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** What two of the tools and the list of all answered. */
export interface ToolAnswers {
  readonly server: string | undefined;
  readonly tools: readonly string[];
  /** Whether the call of `get_feishu_app_token` gave a token. */
  readonly hasAppToken: boolean;
  /** Code of the error that `refresh_feishu_user_token` gave for a token that nobody ever issued. */
  readonly refreshError: unknown;
  /** Exit code after SIGTERM; of a server over HTTP only. */
  readonly code?: number;
}

/**
 * What the program answers to the official MCP client: as the client's own child, or as an HTTP server. The client runs
 * in a process with the demo's permissions, since it reads more of the environment than tests may.
 *
 * @param args of the program; by default it gets a sandbox of its own.
 */
export async function askProgram(
  door: "stdio" | "http",
  program: Program,
  args: readonly string[] = ["--sandbox", "--sandbox-port", "0"],
): Promise<ToolAnswers> {
  const { success, stdout, stderr } = await childCommand(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", `--config=${PROJECT_FOLDER}/deno.json`, "-P=demo"],
      ...[`${PROJECT_FOLDER}/tests/compile/ask_program.ts`, door, JSON.stringify(program), ...args],
    ],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`The client failed: ${decoder.decode(stderr)}`);
  return JSON.parse(decoder.decode(stdout)) as ToolAnswers;
}

/** The command that runs the program with `args`, its two outputs piped. */
export function programCommand(program: Program, args: readonly string[]): Deno.Command {
  return childCommand(program.command, {
    args: [...program.args, ...args],
    clearEnv: true,
    env: { ...program.env },
    cwd: program.cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}
