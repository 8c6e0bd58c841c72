/** An answer before it is sent. Log id, request id and clock headers are added on the way. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** With its charset. */
  readonly contentType: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole body. */
  readonly body: string;
  /** Feishu's code in the body, 0 for success; `null` where there is none. */
  readonly code: number | null;
}

/** A JSON answer; its code is the body's `code`. */
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
