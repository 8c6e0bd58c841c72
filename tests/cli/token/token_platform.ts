import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { composeServer } from "../../../src/compose.ts";
import { runCommand } from "../../../src/cli/run_command.ts";
import type { Platform } from "../../../src/platform.ts";
import { findOnPath } from "../../../src/process/find_on_path.ts";
import { createRunTool } from "../../../src/process/run_tool.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { DEFAULT_SANDBOX_APP } from "../../../src/sandbox/sandbox_apps.ts";
import type { ListeningSandbox } from "../../sandbox/served_sandbox.ts";
import { MemoryOutput } from "../../support/memory_output.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";

/** Where the clock of a {@linkcode ListeningSandbox} stands. */
const SANDBOX_START_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

/** What a command that has ended left behind. */
export interface CommandEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command finds around it. */
export interface Surroundings {
  /** Added to a home of its own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; empty unless given. */
  readonly stdin?: string | Readable;
  /** The network; the real one unless given. */
  readonly fetch?: typeof fetch;
  /** The databases; the real ones unless given. */
  readonly openKv?: Platform["openKv"];
  /** Where errors go that nobody caught; nowhere unless given. */
  readonly onUncaught?: Platform["onUncaught"];
  /** What wires the parts of a command that works on the store; the program's own unless given. */
  readonly compose?: typeof composeServer;
  /** How many columns the terminal on its three streams has; there is none unless given. */
  readonly columns?: number;
  /** Told whether the terminal is to show what is typed. */
  readonly hideInput?: Platform["hideInput"];
  /** Takes what is called at a signal. */
  readonly onSignal?: Platform["onSignal"];
  /** Time; the real one unless given. */
  readonly clock?: Clock;
  /** Standard error; only kept in memory unless given. */
  readonly stderr?: MemoryOutput;
  /** The system; Linux unless given. */
  readonly os?: Platform["os"];
  /** How the program was started. */
  readonly self?: Platform["self"];
  /** The programs on `PATH`; those of the `PATH` in `env` unless given. */
  readonly findTool?: Platform["findTool"];
  /** Runs programs; really unless given. */
  readonly runTool?: Platform["runTool"];
  /** How far the machine's clock is ahead of a fresh sandbox's, in milliseconds. */
  readonly aheadMs?: number;
}

/** Runs commands in this process, on a home that is removed in the end: real files, a real database, real HTTP. */
export class CommandHome implements AsyncDisposable {
  readonly #folder: TempFolder;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
  }

  static async make(): Promise<CommandHome> {
    return new CommandHome(await TempFolder.make());
  }

  /** The folder that `HOME` names. */
  get path(): string {
    return this.#folder.path;
  }

  /** Runs the command line `args` to its end. */
  async run(args: readonly string[], surroundings: Surroundings = {}): Promise<CommandEnd> {
    const stdout = new MemoryOutput();
    const { stderr = new MemoryOutput(), compose } = surroundings;
    const exitCode = await runCommand(args, { ...this.platform(surroundings), stdout, stderr }, compose);
    return { exitCode, stdout: stdout.text, stderr: stderr.text };
  }

  /** What a command finds around it; what it writes is lost. */
  platform(surroundings: Surroundings = {}): Platform {
    const { stdin = "", aheadMs = 0, columns } = surroundings;
    const env: Readonly<Record<string, string>> = { HOME: this.path, ...surroundings.env };
    const clock = surroundings.clock ?? passingClock(SANDBOX_START_MS + aheadMs);
    const { os = "linux" } = surroundings;
    return {
      clock,
      random: TEST_RANDOM,
      fetch: surroundings.fetch ?? ((input, init): Promise<Response> => fetch(input, init)),
      openKv: surroundings.openKv ?? ((path): Promise<Deno.Kv> => Deno.openKv(path)),
      os,
      env: (name) => env[name],
      input: { read: () => Promise.resolve(null) },
      stdin: typeof stdin === "string" ? Readable.from(stdin === "" ? [] : [stdin]) : stdin,
      stdout: new MemoryOutput(),
      stderr: new MemoryOutput(),
      exit: (code) => {
        throw new Error(`The process would end with ${code}`);
      },
      isTerminal: columns !== undefined,
      isStdinTerminal: () => columns !== undefined,
      columns: () => columns,
      hideInput: surroundings.hideInput ?? (() => {}),
      timeZone: "UTC",
      wholeEnv: () => ({ ...env }),
      self: surroundings.self ??
        { execPath: "/no/deno", mainModule: "file:///no/main.ts", isBinary: false, cwd: "/no" },
      findTool: surroundings.findTool ??
        ((name): Promise<string | undefined> => findOnPath(name, { os, env: (variable) => env[variable] })),
      runTool: surroundings.runTool ?? createRunTool(clock),
      giveUpRunning: () => {},
      locale: "en-US",
      onSignal: surroundings.onSignal ?? (() => () => {}),
      onUncaught: surroundings.onUncaught ?? (() => () => {}),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#folder[Symbol.asyncDispose]();
  }
}

/** Starts at `startMs` and passes as real time does, since a command waits for real answers. */
function passingClock(startMs: number): Clock {
  const startedMs = performance.now();
  return {
    now: () => startMs + performance.now() - startedMs,
    monotonic: () => performance.now(),
    sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => signal?.throwIfAborted()),
  };
}

/** The variables of somebody who uses the app of `sandbox` as if it were the real Feishu. */
export function credentialsOf(sandbox: ListeningSandbox): Record<string, string> {
  return {
    FEISHU_BASE_URL: sandbox.url,
    FEISHU_APP_ID: DEFAULT_SANDBOX_APP.appId,
    FEISHU_APP_SECRET: DEFAULT_SANDBOX_APP.appSecret,
  };
}
