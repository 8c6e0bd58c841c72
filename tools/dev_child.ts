import { PROJECT_FOLDER } from "./project_folder.ts";

/** The server of `deno task dev`, as a process of its own. */
export class DevChild {
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;
  readonly #child: Deno.ChildProcess;
  readonly #canEndInput: boolean;
  #isStopping = false;

  /** Starts it with `args` of its own. */
  constructor(args: readonly string[]) {
    const isStdio = args.includes("--stdio");
    this.#canEndInput = !isStdio;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-prompt", "--config", `${PROJECT_FOLDER}/deno.json`, "-P=serve"],
        // Over stdio its standard input is the client's, and ends with the client.
        `${PROJECT_FOLDER}/${isStdio ? "main.ts" : "tools/dev_server.ts"}`,
        ...args,
      ],
      stdin: isStdio ? "inherit" : "piped",
      stdout: "inherit",
      stderr: "inherit",
      // Out of the terminal's process group: a Ctrl+C is the parent's to pass on, since a server that stops already would
      // take it for the second signal, which ends it at once.
      detached: !isStdio,
    }).spawn();
    this.ended = this.#child.status.then(({ code }) => code);
  }

  /** Asks it to end in order. Does nothing when it is asked already. */
  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#signal();
  }

  /** Asks it to end at once, after {@linkcode DevChild.stop}. */
  endAtOnce(): void {
    this.#signal();
  }

  #signal(): void {
    try {
      // Windows has no signal that a program could handle.
      if (this.#canEndInput && Deno.build.os === "windows") this.#child.stdin.close().catch(() => {});
      else this.#child.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
  }
}
