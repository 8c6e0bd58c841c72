import type { Readable } from "node:stream";
import { OutputQueue } from "./process/output_queue.ts";
import { onSystemSignal } from "./process/on_system_signal.ts";
import type { Clock } from "./ports/clock.ts";
import type { Output } from "./ports/output.ts";
import type { Random } from "./ports/random.ts";

/** Log lines of so many milliseconds are written together. */
const LOG_GATHER_MS = 5;

/** Everything real: clocks, chance, network, environment, database, standard streams, signals. */
export interface Platform {
  /** The machine's clocks. */
  readonly clock: Clock;
  /** The cryptographic generator. */
  readonly random: Random;
  /** The network. */
  readonly fetch: typeof fetch;
  /** Opens the database at a path or URL, or the platform's own. */
  readonly openKv: (path?: string) => Promise<Deno.Kv>;
  /** The operating system. */
  readonly os: typeof Deno.build.os;
  /** Reads one environment variable; `undefined` too where Deno was not given the permission. */
  readonly env: (name: string) => string | undefined;
  /** Standard input. */
  readonly stdin: Readable;
  /** Standard output. */
  readonly stdout: Output;
  /** Standard error. */
  readonly stderr: Output;
  /** Ends the process at once, whatever is unsent on the streams. */
  readonly exit: (code: number) => never;
  /** Whether standard error is a terminal. */
  readonly isTerminal: boolean;
  /** Locale of the system's user, a BCP 47 tag. Windows and macOS keep it outside of the environment. */
  readonly locale: string;
  /**
   * Calls `handler` at each SIGINT and SIGTERM, and at SIGHUP, which closing a terminal or an SSH session sends. Returns
   * what ends that.
   */
  readonly onSignal: (handler: () => void) => () => void;
  /** Hands `handler` every error that nobody caught, instead of ending the process. Returns what ends that. */
  readonly onUncaught: (handler: (error: unknown) => void) => () => void;
}

/**
 * The platform this program runs on. Loopback is taken out of any proxy's reach, since Deno's `fetch` would send even
 * requests to 127.0.0.1 through it.
 */
export function realPlatform(): Platform {
  const env = readableEnv;
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
    // Only when asked for: a server over HTTP leaves it alone.
    get stdin(): Readable {
      // deno-lint-ignore no-process-global -- imported, it would cost a server over HTTP memory for nothing
      return process.stdin;
    },
    // Without a pause: a client waits for each answer.
    stdout: new OutputQueue({ write: (bytes) => Deno.stdout.write(bytes), clock }),
    stderr: new OutputQueue({ write: (bytes) => Deno.stderr.write(bytes), clock, gatherMs: LOG_GATHER_MS }),
    exit: (code) => Deno.exit(code),
    isTerminal: Deno.stderr.isTerminal(),
    locale: navigator.language,
    onSignal: onSystemSignal,
    onUncaught,
  };
}

function readableEnv(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    // Run with fewer permissions than its tasks give: what may not be read counts as not set.
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
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
