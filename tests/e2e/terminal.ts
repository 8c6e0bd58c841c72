import { Program } from "./program.ts";

/**
 * Runs its arguments on a pseudo-terminal that is copied to and from its own streams. Every process on the terminal also
 * holds this one's standard error open, as descriptor 9: that ends when the last of them has.
 */
const BRIDGE = `
import os, pty, sys
os.dup2(2, 9)
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])) & 255)
`;

/** A shell as a person has it: it is there before and after the command, and says how that ended. */
const SHELL = `trap : INT; eval "$COMMAND"; echo "ended with $?"; exec cat`;

/** What is run on a {@linkcode Terminal}. */
export interface TerminalOptions {
  /** As it is typed into a shell. */
  readonly command: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The working directory. */
  readonly cwd: string;
  /** A Python 3. */
  readonly python: string;
}

/** A command on a pseudo-terminal, with everything that is done at one. */
export class Terminal implements AsyncDisposable {
  readonly #bridge: Program;

  constructor({ command, env, cwd, python }: TerminalOptions) {
    this.#bridge = new Program({
      args: [],
      command: [python, "-c", BRIDGE, "sh", "-c", SHELL],
      env: { ...env, COMMAND: command, TERM: "dumb" },
      cwd,
      stdin: true,
    });
  }

  /** All that was shown so far. */
  get text(): string {
    return this.#bridge.stdout;
  }

  /** Waits until it shows `pattern`; its first group, or the whole match. */
  async shows(pattern: RegExp): Promise<string> {
    return await this.#bridge.answers(pattern);
  }

  /** Waits until a server on it serves HTTP; its MCP endpoint. */
  async listens(): Promise<string> {
    return await this.shows(/"event":"listening","url":"([^"]+)"/);
  }

  /** Types `keys`. */
  async type(keys: string): Promise<void> {
    await this.#bridge.type(keys);
  }

  /** Presses Ctrl+C, once. */
  async interrupt(): Promise<void> {
    await this.#bridge.type("\x03");
  }

  /** Waits until the command has ended; its exit code. */
  async exitCode(): Promise<number> {
    return Number(await this.shows(/ended with (\d+)/));
  }

  /** Is closed while the command runs. Resolves when all that ran on it has ended. */
  async hangUp(): Promise<void> {
    this.#bridge.kill("SIGKILL");
    await this.#bridge.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bridge[Symbol.asyncDispose]();
  }
}
