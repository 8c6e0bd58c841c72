import { ownAddressModule } from "../../harness/own_address_module.ts";
import { ServerProcess } from "../server_process.ts";
import type { Feishu } from "./feishu.ts";

const LISTENING = /"url":"(http:\/\/[^"]+)"/;

/** How {@linkcode startServers} starts them. */
export interface ServersOptions {
  readonly count: number;
  readonly feishu: Feishu;
  /** The common address of the simulated Feishu. */
  readonly feishuUrl: string;
  /** Value of `--kv`. */
  readonly kv: string;
  /** Where a store on the network has its journal. */
  readonly dataFolder: string;
}

/** Starts servers on one store, each with its own address of the simulated Feishu. Their MCP endpoints; disposal ends them. */
export async function startServers(
  { count, feishu, feishuUrl, kv, dataFolder }: ServersOptions,
): Promise<{ readonly urls: readonly string[] } & AsyncDisposable> {
  const env = {
    FEISHU_TOKEN_KEY: crypto.getRandomValues(new Uint8Array(32)).toBase64(),
    XDG_DATA_HOME: dataFolder,
  };
  const servers = await Promise.all(Array.from({ length: count }, async (_, index) => {
    const own = await feishu.addressFor(`server ${index + 1}`);
    const preload = ["--preload", ownAddressModule(feishuUrl, own).href];
    const args = ["main.ts", "--port", "0", "--kv", kv, "--sandbox-url", feishuUrl];
    return await ServerProcess.start(["-P=serve", ...preload, ...args], LISTENING, env);
  }));
  return {
    urls: servers.map(({ url }) => url),
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}
