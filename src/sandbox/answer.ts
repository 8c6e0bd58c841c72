/** An answer before log id, request id and clock headers are added. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** With the charset. */
  readonly contentType: string;
  /** In addition to the content type. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole body. */
  readonly body: string;
  /** Feishu's code, 0 for success; `null` where the body has none. */
  readonly code: number | null;
}

/** A JSON answer. Its code is the body's field `code`. */
export function jsonAnswer(
  status: number,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    contentType: "application/json; charset=utf-8",
    headers,
    body: JSON.stringify(body),
    code: typeof body.code === "number" ? body.code : null,
  };
}

/** A plain-text answer. */
export function textAnswer(status: number, body: string): Answer {
  return { status, contentType: "text/plain; charset=utf-8", body, code: null };
}
