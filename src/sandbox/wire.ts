import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./answer.ts";

/** Longest body of a request, in bytes. */
const BODY_LIMIT_BYTES = 1_048_576;

/** The body of a request is too long. */
export class BodyTooLongError extends Error {
  /** Makes the error. */
  constructor() {
    super(`Cannot read the request: its body has more than ${BODY_LIMIT_BYTES} bytes`);
    this.name = "BodyTooLongError";
  }
}

/**
 * Reads the whole body as text.
 *
 * @throws BodyTooLongError when it is longer than 1 MiB; the connection's error when it breaks.
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of request) {
    const bytes: Uint8Array = chunk;
    length += bytes.length;
    if (length > BODY_LIMIT_BYTES) throw new BodyTooLongError();
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}

/** Sends an answer, with `headers` in addition to its own. */
export function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(answer.status, { ...headers, ...answer.headers, ...lengthAndType(answer) });
  response.end(answer.body);
}

/** Announces the whole length of an answer, sends half of it, and cuts the connection. */
export function sendHalf(
  response: ServerResponse,
  answer: Answer,
  headers: Readonly<Record<string, string>>,
): void {
  const bytes = new TextEncoder().encode(answer.body);
  response.writeHead(answer.status, { ...headers, ...answer.headers, ...lengthAndType(answer) });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => cut(response));
}

/** Cuts the connection. What is not sent yet never is. */
export function cut(response: ServerResponse): void {
  response.socket?.destroy();
}

function lengthAndType({ contentType, body }: Answer): Record<string, string> {
  return { "Content-Type": contentType, "Content-Length": String(new TextEncoder().encode(body).length) };
}
