import type { WireAnswer } from "../../src/feishu/wire.ts";

/** When the made-up exchange began, Unix milliseconds. */
export const SENT_AT_MS = 1_700_000_000_000;

/** An answer as `send()` would hand it on; it took 40 ms. */
export function wireAnswer(
  body: string | object,
  { status = 200, headers = {}, cut }: {
    status?: number;
    headers?: Record<string, string>;
    cut?: WireAnswer["cut"];
  } = {},
): WireAnswer {
  return {
    kind: "answered",
    status,
    headers: new Headers({ "content-type": "application/json; charset=utf-8", ...headers }),
    text: typeof body === "string" ? body : JSON.stringify(body),
    ...(cut === undefined ? {} : { cut }),
    sentAtMs: SENT_AT_MS,
    receivedAtMs: SENT_AT_MS + 40,
  };
}
