/**
 * A failure of the protocol, not of a tool. The SDK answers it as a JSON-RPC error with these very fields; its own class
 * would put its prefix into the message, and clients another.
 */
export class ProtocolError extends Error {
  /** JSON-RPC's code. */
  readonly code: number;

  /** Makes the error with JSON-RPC's `code`. */
  constructor(code: number, message: string) {
    super(message);
    this.name = "ProtocolError";
    this.code = code;
  }
}
