/** An answer over HTTP/1.1. */
export interface HttpAnswer {
  /** Of the status line. */
  readonly status: number;
  /** The whole body. */
  readonly body: string;
}

const HEAD_END = "\r\n\r\n";

/**
 * The answer that `text` is, a character a byte; `null` where its end has not come yet.
 *
 * @throws Error when it does not tell its length.
 */
export function parseHttpAnswer(text: string): HttpAnswer | null {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const head = text.slice(0, headEnd);
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  if (length === undefined) throw new Error(`An answer of unknown length: ${head}`);
  const body = text.slice(headEnd + HEAD_END.length);
  return body.length < Number(length) ? null : { status: Number(head.split(" ")[1]), body };
}
