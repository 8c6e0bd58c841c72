import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { MovedError } from "./moved_error.ts";

/** The sandbox shows tokens to whoever asks: it listens nowhere else. */
const HOSTNAME = "127.0.0.1";

/** A server that listens. */
export interface LoopbackServer {
  /** The server itself. */
  readonly server: Server;
  /** Its origin. */
  readonly url: string;
  /** TCP port. */
  readonly port: number;
}

/**
 * Serves HTTP on 127.0.0.1. `node:http` and not `Deno.serve`: a fault has to cut a connection for real, before or amid
 * an answer.
 *
 * @param port 0 takes any that is free.
 * @throws MovedError when the platform made it listen elsewhere, the system's error when the port cannot be had.
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
      // The platform has a variable that overrides every address (seen on Deno 2.9.6), and this one must not be.
      server.close();
      listening.reject(new MovedError());
    } else {
      listening.resolve(address.port);
    }
  });
  const bound = await listening.promise;
  return { server, port: bound, url: `http://${HOSTNAME}:${bound}` };
}
