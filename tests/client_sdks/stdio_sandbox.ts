import { hostEnvironment } from "../clients/host_environment.ts";
import { PROGRAM_ARGS } from "../clients/running_server.ts";
import { ListeningSandbox } from "../sandbox/served_sandbox.ts";
import { TempFolder } from "../support/temp_folder.ts";

/** How to start a server on standard streams, on a sandbox and with a home that both end with this. */
export class StdioSandbox implements AsyncDisposable {
  /** What a client starts. */
  readonly server: {
    readonly command: string;
    readonly args: string[];
    readonly env: Record<string, string>;
  };
  /** The address of the sandbox. */
  readonly url: string;
  readonly #sandbox: ListeningSandbox;
  readonly #home: TempFolder;

  private constructor(sandbox: ListeningSandbox, home: TempFolder, env: Record<string, string>) {
    this.#sandbox = sandbox;
    this.#home = home;
    this.url = sandbox.url;
    this.server = {
      command: Deno.execPath(),
      args: [...PROGRAM_ARGS, "--stdio", "--sandbox-url", sandbox.url],
      env,
    };
  }

  /** Starts the sandbox. The server is left to the client. */
  static async start(): Promise<StdioSandbox> {
    const home = await TempFolder.make();
    return new StdioSandbox(await ListeningSandbox.start(), home, await hostEnvironment(home.path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sandbox[Symbol.asyncDispose]();
    await this.#home[Symbol.asyncDispose]();
  }
}
