/** How the bytes of a request are delivered. */
export type Delivery =
  /** At once, the connection kept open for the answer. */
  | "whole"
  /** The same, but its framing promises more than comes, or something else. */
  | "misframed"
  /** At once, and then nothing more is going to be written. */
  | "half closed"
  /** A part of them, then a reset. */
  | "reset"
  /** A part of them, then the end of the connection. */
  | "cut"
  /** In six pieces. */
  | "dripped"
  /** Behind well-formed requests on the same connection. */
  | "pipelined";

/** One request as it goes over the wire. */
export interface HttpCase {
  /** Says which it is, without its secrets. */
  readonly name: string;
  /** As in the request line. */
  readonly method: string;
  /** Head and body. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How they are sent. */
  readonly delivery: Delivery;
  /**
   * Whether an HTTP server can parse it, so that the answer is this program's own and not Deno's. Such an answer names
   * its request, and says what is wrong if anything is.
   */
  readonly isParsable: boolean;
  /** Whether every byte is sound HTTP, however it is sent: Deno has no cause then to break the connection off. */
  readonly isSound: boolean;
  /** The only statuses that are right, where that is known. */
  readonly statuses?: readonly number[];
}

/** Makes the bytes of a request; characters up to U+00FF are written as single bytes. */
export function requestBytes(head: string, body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const isLatin = [...head].every((character) => character.charCodeAt(0) < 0x100);
  const first = isLatin
    ? Uint8Array.from(head, (character) => character.charCodeAt(0))
    : new TextEncoder().encode(head);
  const bytes = new Uint8Array(first.length + body.length);
  bytes.set(first);
  bytes.set(body, first.length);
  return bytes;
}

/** A well-formed request that lists the tools. */
export const GOOD_REQUEST: Uint8Array<ArrayBuffer> = (() => {
  const body = '{"jsonrpc":"2.0","id":7,"method":"tools/list"}';
  return new TextEncoder().encode(
    "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json, text/event-stream\r\n" +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
})();
