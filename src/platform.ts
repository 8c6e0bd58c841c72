import type { Readable } from "node:stream";
import { ByteInput } from "./process/byte_input.ts";
import { OutputQueue } from "./process/output_queue.ts";
import { findOnPath } from "./process/find_on_path.ts";
import { onSystemSignal } from "./process/on_system_signal.ts";
import { type ProgramSelf, thisProgram } from "./process/program_self.ts";
import { createRunTool, type RunTool } from "./process/run_tool.ts";
import type { Clock } from "./ports/clock.ts";
import type { Input } from "./ports/input.ts";
import type { Output } from "./ports/output.ts";
import type { Random } from "./ports/random.ts";

/** Log lines of this many milliseconds are written together. */
const LOG_GATHER_MS = 5;

/** The real world: clocks, randomness, network, environment, database, standard streams, signals. */
export interface Platform {
  /** The wall clock, the monotonic clock and timers. */
  readonly clock: Clock;
  /** Its bytes are cryptographically secure. */
  readonly random: Random;
  /** Never uses a proxy for loopback addresses. */
  readonly fetch: typeof fetch;
  /** Opens the database at a path or URL, or the platform's own. */
  readonly openKv: (path?: string) => Promise<Deno.Kv>;
  /** Of the machine. */
  readonly os: typeof Deno.build.os;
  /** Reads an environment variable. `undefined` where it is not set, or where Deno lacks the permission to read it. */
  readonly env: (name: string) => string | undefined;
  /** The whole environment, as it was at the start, for a program that is run in it. Deno must permit all of it. */
  readonly wholeEnv: () => Record<string, string>;
  /** How this program was started. */
  readonly self: ProgramSelf;
  /** The absolute path of a program that is on `PATH`. */
  readonly findTool: (name: string) => Promise<string | undefined>;
  /** Runs a program of the machine to its end. */
  readonly runTool: RunTool;
  /** Gives up the permission to run programs, for good. */
  readonly giveUpRunning: () => void;
  /** Standard input as bytes, for a server. Not to be read together with `stdin`. */
  readonly input: Input;
  /** Standard input as a stream, for what a person or a pipe gives to a command. */
  readonly stdin: Readable;
  /** Standard output. */
  readonly stdout: Output;
  /** Standard error. */
  readonly stderr: Output;
  /** Ends the process at once, without sending what is left on the streams. */
  readonly exit: (code: number) => never;
  /** Whether standard error is a terminal. */
  readonly isTerminal: boolean;
  /** Whether standard input is a terminal, so that a person can be asked. */
  readonly isStdinTerminal: () => boolean;
  /**
   * Whether the terminal on standard input hands over each key at once and shows none of them, as for a secret. The end of
   * the process by `exit` restores it.
   */
  readonly hideInput: (isHidden: boolean) => void;
  /** How many columns the terminal on a stream has now; `undefined` where it is none. */
  readonly columns: (stream: "stdout" | "stderr") => number | undefined;
  /** Where the system's user is, as an IANA name such as `Asia/Shanghai`. */
  readonly timeZone: string;
  /** Locale of the system's user, as a BCP 47 tag. Windows and macOS do not have it in the environment. */
  readonly locale: string;
  /** As {@linkcode onSystemSignal}. The signal has no name where something else counts as one. */
  readonly onSignal: (handler: (signal?: Deno.Signal) => void) => () => void;
  /**
   * Calls `handler` for every uncaught error, which then does not end the process. Returns a function that stops
   * that.
   */
  readonly onUncaught: (handler: (error: unknown) => void) => () => void;
}

/**
 * Makes the platform of this process. It adds the loopback names to `NO_PROXY`: otherwise Deno's `fetch` would send
 * even requests to 127.0.0.1 through a proxy.
 */
export function realPlatform(): Platform {
  const env = readableEnv;
  const noProxy = env("NO_PROXY");
  keepLoopbackOffProxy(env);
  const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now(), sleep };
  return {
    clock,
    random: {
      bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
      fraction: () => Math.random(),
    },
    fetch: (input, init) => fetch(input, init),
    openKv: (path) => Deno.openKv(path),
    os: Deno.build.os,
    env,
    wholeEnv: () => {
      const { NO_PROXY: _ours, ...rest } = Deno.env.toObject();
      return noProxy === undefined ? rest : { ...rest, NO_PROXY: noProxy };
    },
    self: thisProgram(),
    findTool: (name) => findOnPath(name, { os: Deno.build.os, env }),
    runTool: createRunTool(clock),
    giveUpRunning: () => void Deno.permissions.revokeSync({ name: "run" }),
    // Not Node's stream, whose modules take a tenth of a start over stdio.
    input: new ByteInput((buffer) => Deno.stdin.read(buffer)),
    // A getter: a server does not open it.
    get stdin(): Readable {
      // deno-lint-ignore no-process-global -- importing it would cost a server over HTTP memory for nothing
      return process.stdin;
    },
    // No gathering: a client waits for each answer.
    stdout: new OutputQueue({ write: (bytes) => Deno.stdout.write(bytes), clock }),
    stderr: new OutputQueue({ write: (bytes) => Deno.stderr.write(bytes), clock, gatherMs: LOG_GATHER_MS }),
    exit: (code) => {
      if (isInputHidden) hideInput(false);
      Deno.exit(code);
    },
    isTerminal: Deno.stderr.isTerminal(),
    isStdinTerminal: () => Deno.stdin.isTerminal(),
    hideInput,
    columns: columnsOfStream,
    // A getter: finding the zone takes a tenth of a start, and a server needs none.
    get timeZone(): string {
      return Intl.DateTimeFormat().resolvedOptions().timeZone;
    },
    locale: navigator.language,
    onSignal: onSystemSignal,
    onUncaught,
  };
}

let isInputHidden = false;

function hideInput(isHidden: boolean): void {
  if (isHidden === isInputHidden) return;
  // Keys that make signals still make them, but on Windows, which has no such mode.
  Deno.stdin.setRaw(isHidden, { cbreak: isHidden && Deno.build.os !== "windows" });
  isInputHidden = isHidden;
}

function readableEnv(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    // The program may run with fewer permissions than its tasks give.
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

function columnsOfStream(stream: "stdout" | "stderr"): number | undefined {
  if (!Deno[stream].isTerminal()) return undefined;
  try {
    // 0 of one that was given no size.
    return Deno.consoleSize().columns || undefined;
  } catch {
    // A terminal that does not tell its size.
    return undefined;
  }
}

function keepLoopbackOffProxy(env: Platform["env"]): void {
  const current = env("NO_PROXY") ?? env("no_proxy");
  if (current === "*") return;
  const hosts = new Set((current ?? "").split(",").map((host) => host.trim()).filter((host) => host !== ""));
  for (const host of ["127.0.0.1", "localhost", "[::1]"]) hosts.add(host);
  try {
    Deno.env.set("NO_PROXY", [...hosts].join(","));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

function onUncaught(handler: (error: unknown) => void): () => void {
  const onRejection = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    handler(event.reason);
  };
  const onError = (event: ErrorEvent): void => {
    event.preventDefault();
    handler(event.error);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  globalThis.addEventListener("error", onError);
  return () => {
    globalThis.removeEventListener("unhandledrejection", onRejection);
    globalThis.removeEventListener("error", onError);
  };
}
