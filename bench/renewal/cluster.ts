import { ServerProcess } from "../server_process.ts";

const LISTENING = /"url":"(http:\/\/[^"]+)"/;

/** How a {@linkcode Cluster} is started. */
export interface ClusterOptions {
  /** How many processes. */
  readonly processes: number;
  /** Value of `--kv`: a file or a URL. */
  readonly kv: string;
  /** Where a store on the network has its journal. */
  readonly dataFolder: string;
  /** Origin of the sandbox. */
  readonly upstreamUrl: string;
}

/** Server processes on one store, as behind a load balancer. */
export class Cluster implements AsyncDisposable {
  readonly #processes: readonly ServerProcess[];

  private constructor(processes: readonly ServerProcess[]) {
    this.#processes = processes;
  }

  /** Starts them and resolves when all of them listen. */
  static async start({ processes, kv, dataFolder, upstreamUrl }: ClusterOptions): Promise<Cluster> {
    const args = ["-P=serve", "main.ts", "--port", "0", "--kv", kv, "--sandbox-url", upstreamUrl];
    // Any key does, as long as all of them have the same one.
    const env = {
      FEISHU_TOKEN_KEY: crypto.getRandomValues(new Uint8Array(32)).toBase64(),
      XDG_DATA_HOME: dataFolder,
    };
    return new Cluster(
      await Promise.all(Array.from({ length: processes }, () => ServerProcess.start(args, LISTENING, env))),
    );
  }

  /** Their MCP endpoints. */
  get urls(): URL[] {
    return this.#processes.map(({ url }) => new URL(url));
  }

  /** Ends them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()));
  }
}
