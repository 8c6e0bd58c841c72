import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { listenOnLoopback } from "./listen_on_loopback.ts";

/** A program with an address of the sandbox of its own. */
export interface SandboxClient {
  /** Recorded with its calls. */
  readonly name: string;
  /** Milliseconds by which its clock is ahead of the sandbox's; negative where it is behind. */
  readonly clockSkewMs: number;
}

/** Handles a request to the address of `client`. */
export type ClientHandler = (
  client: SandboxClient,
  request: IncomingMessage,
  response: ServerResponse,
) => void;

interface Address {
  client: SandboxClient;
  readonly url: string;
  readonly server: Server;
}

/**
 * Addresses of the sandbox for single clients. They distinguish programs that share the sandbox, and can give each a
 * wrong clock.
 */
export class ClientAddresses {
  readonly #handle: ClientHandler;
  readonly #byName = new Map<string, Address>();

  /** Opens no address yet. */
  constructor(handle: ClientHandler) {
    this.#handle = handle;
  }

  /**
   * Opens an address for the client `name`, on a port of its own. A client that has one keeps it and gets the new skew,
   * which applies from its next reading of the clock.
   */
  async open(name: string, clockSkewMs: number): Promise<string> {
    const client = { name, clockSkewMs };
    const known = this.#byName.get(name);
    if (known !== undefined) {
      known.client = client;
      return known.url;
    }
    const { server, url } = await listenOnLoopback(
      0,
      (request, response) => this.#handle(address.client, request, response),
    );
    const address: Address = { client, url, server };
    this.#byName.set(name, address);
    return url;
  }

  /** Cuts the connections of the client `name` and closes its address. Answers whether it had one. */
  async close(name: string): Promise<boolean> {
    const address = this.#byName.get(name);
    if (address === undefined) return false;
    this.#byName.delete(name);
    const stopped = new Promise<void>((resolve) => address.server.close(() => resolve()));
    address.server.closeAllConnections();
    await stopped;
    return true;
  }

  /** Closes every address. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#byName.keys()].map((name) => this.close(name)));
  }
}
