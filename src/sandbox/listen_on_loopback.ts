import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { MovedError } from "./moved_error.ts";

/** The only address: the sandbox shows its tokens to every caller. */
const HOSTNAME = "127.0.0.1";

/** An HTTP server that listens on loopback. */
export interface LoopbackServer {
  /** Of `node:http`. */
  readonly server: Server;
  /** Origin. */
  readonly url: string;
  /** TCP port. */
  readonly port: number;
}

/**
 * Serves HTTP on 127.0.0.1. By `node:http`, not `Deno.serve`, since a fault has to cut the connection itself, before or
 * within an answer.
 *
 * @param port 0 chooses a free one.
 * @throws MovedError when it would listen on another address; the system's error when the port cannot be used.
 */
export async function listenOnLoopback(
  port: number,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<LoopbackServer> {
  const server = createServer(handle);
  const listening = Promise.withResolvers<number>();
  server.once("error", listening.reject);
  server.listen(port, HOSTNAME, () => {
    server.off("error", listening.reject);
    const address = server.address();
    if (typeof address !== "object" || address?.address !== HOSTNAME) {
      // DENO_SERVE_ADDRESS overrides the address of every server (measured on Deno 2.9.6).
      server.close();
      listening.reject(new MovedError());
    } else {
      listening.resolve(address.port);
    }
  });
  const bound = await listening.promise;
  return { server, port: bound, url: `http://${HOSTNAME}:${bound}` };
}
