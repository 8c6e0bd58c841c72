import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { listenOnLoopback } from "./listen_on_loopback.ts";

/** A program that has an address of the sandbox for itself. */
export interface SandboxClient {
  /** What its calls are recorded under. */
  readonly name: string;
  /** By how much its clock is ahead of the sandbox's, in milliseconds; behind when negative. */
  readonly clockSkewMs: number;
}

/** Handles what comes to the address of `client`. */
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
 * Addresses of the sandbox for single clients. Programs that use one sandbox are told apart by them, and each can be
 * given a clock that is wrong.
 */
export class ClientAddresses {
  readonly #handle: ClientHandler;
  readonly #byName = new Map<string, Address>();

  /** Nothing listens yet. */
  constructor(handle: ClientHandler) {
    this.#handle = handle;
  }

  /**
   * The address of the client `name`, on a port of its own. One that has an address keeps it and gets the new skew,
   * which it learns with its next reading of the clock.
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

  /** Cuts the connections of the client `name` and takes its address away. Whether it had one. */
  async close(name: string): Promise<boolean> {
    const address = this.#byName.get(name);
    if (address === undefined) return false;
    this.#byName.delete(name);
    const stopped = new Promise<void>((resolve) => address.server.close(() => resolve()));
    address.server.closeAllConnections();
    await stopped;
    return true;
  }

  /** Takes every address away. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#byName.keys()].map((name) => this.close(name)));
  }
}
