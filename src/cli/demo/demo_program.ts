import { fileURLToPath } from "node:url";
import type { Platform } from "../../platform.ts";
import type { Clock } from "../../ports/clock.ts";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";

/** How this program starts itself: as the binary, or by Deno on the main module. */
export interface SelfCommand {
  /** Path of the executable. */
  readonly command: string;
  /** In front of the program's own arguments. */
  readonly args: readonly string[];
  /** The whole environment of a child. Settings of the user's own server must not reach the demo. */
  readonly env: Readonly<Record<string, string>>;
}

/** A running program of the demo. */
export interface DemoProgram {
  /** Process id. */
  readonly pid: number;
  /** Address that it printed. */
  readonly url: string;
  /** Sends `signal` and resolves when the program has ended. */
  end(signal: Deno.Signal): Promise<void>;
  /** Its standard error so far. */
  log(): string;
}

/** By these Deno finds its cache and the machine's certificate authorities. */
const RUNTIME_VARIABLES = [
  "DENO_DIR",
  "XDG_CACHE_HOME",
  "DENO_CERT",
  "DENO_TLS_CA_STORE",
  "NODE_EXTRA_CA_CERTS",
];

/** What any program may expect of its operating system. */
const PASSED_VARIABLES = [
  "APPDATA",
  "HOME",
  "LOCALAPPDATA",
  "PATH",
  "SYSTEMROOT",
  "TEMP",
  "TMPDIR",
  "USERPROFILE",
];

const START_DEADLINE_MS = 30_000;

/** How to start this very program again. */
export function selfCommand(env: Platform["env"]): SelfCommand {
  const command = Deno.execPath();
  const kept = [...PASSED_VARIABLES, ...RUNTIME_VARIABLES].flatMap((name) => {
    const value = env(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    command,
    args: Deno.build.standalone ? [] : denoArguments(),
    env: Object.fromEntries(kept),
  };
}

/** Names the configuration, which Deno does not look for in the folder of an npm package. */
function denoArguments(): readonly string[] {
  const config = fileURLToPath(new URL("deno.json", Deno.mainModule));
  return ["run", "--quiet", "--no-prompt", `--config=${config}`, "-P=serve", Deno.mainModule];
}

/**
 * Starts this program with `args` and resolves when it has printed an address that `pattern` finds.
 *
 * @throws Error with its output when it ends before that, or has printed none after half a minute.
 */
export async function startProgram(
  self: SelfCommand,
  clock: Clock,
  args: readonly string[],
  pattern: RegExp,
): Promise<DemoProgram> {
  const child = new Deno.Command(self.command, {
    args: [...self.args, ...args],
    env: { ...self.env },
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const found = Promise.withResolvers<string>();
  let text = "";
  const reading = (async (): Promise<void> => {
    for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const url = pattern.exec(text)?.[1];
      if (url !== undefined) found.resolve(url);
    }
    found.reject(new Error(`${args.join(" ")} ended before it was ready:\n${text}`));
  })();
  const end = async (signal: Deno.Signal): Promise<void> => {
    try {
      child.kill(signal);
    } catch {
      // It has already ended.
    }
    await child.status;
    await reading;
  };
  const url = await within(clock, START_DEADLINE_MS, found.promise);
  if (url === TIME_IS_UP) {
    await end("SIGKILL");
    throw new Error(`${args.join(" ")} was not ready in time:\n${text}`);
  }
  return { pid: child.pid, url, log: () => text, end };
}
