/** A pair as the hostile Feishu issues it. */
export interface IssuedPair {
  readonly access_token: string;
  readonly refresh_token: string;
  /** The refresh token that was presented for it. */
  readonly presented: string;
}

/** What the hostile Feishu does next on a connection. */
export type AnswerStep =
  | Uint8Array<ArrayBuffer>
  /** Milliseconds in which nothing is sent. */
  | number
  | "reset";

/** Further parts of an HTTP answer. */
export interface AnswerDetails {
  readonly status?: string;
  /** `null` leaves it out. */
  readonly contentType?: string | null;
  readonly headers?: readonly (readonly [string, string])[];
  readonly hasLength?: boolean;
  readonly version?: string;
}

/** The fields of an answer with a pair; an override of `null` leaves a field out, any other is sent as it is. */
export function pairFields(
  { access_token, refresh_token }: IssuedPair,
  overrides: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    code: 0,
    access_token,
    expires_in: 7200,
    refresh_token,
    refresh_token_expires_in: 604_800,
    token_type: "Bearer",
    scope: "a b",
    ...overrides,
  };
}

/** An answer with a pair, in JSON. */
export function pairJson(pair: IssuedPair, overrides: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify(pairFields(pair, overrides));
}

/** An answer with a pair of which the value of `name` is `text`, JSON or not. */
export function pairJsonWith(pair: IssuedPair, name: string, text: string): string {
  return pairJson(pair, { [name]: "@" }).replace('"@"', () => text);
}

/** The bytes of an HTTP answer. */
export function httpAnswer(
  body: string | Uint8Array<ArrayBuffer>,
  details: AnswerDetails = {},
): Uint8Array<ArrayBuffer> {
  const { status = "200 OK", contentType = "application/json; charset=utf-8", headers = [] } = details;
  const { hasLength = true, version = "HTTP/1.1" } = details;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const lines = [
    `${version} ${status}`,
    ...(contentType === null ? [] : [`Content-Type: ${contentType}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(hasLength ? [`Content-Length: ${bytes.length}`] : []),
    "Connection: close",
    "\r\n",
  ];
  return joined(new TextEncoder().encode(lines.join("\r\n")), bytes);
}

/** An HTTP answer in chunks of 20 bytes that ends with `end`. */
export function chunkedAnswer(body: string, end: string): Uint8Array<ArrayBuffer> {
  const chunks = body.match(/[\s\S]{1,20}/g) ?? [];
  const text = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join("");
  const head =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
  return new TextEncoder().encode(head + text + end);
}

/** Bytes one after another. */
export function joined(...parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** `bytes` with a part of their text replaced, bytes above 0x7f kept. */
export function replaced(bytes: Uint8Array<ArrayBuffer>, find: string, by: string): Uint8Array<ArrayBuffer> {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return Uint8Array.from(text.replace(find, () => by), (character) => character.charCodeAt(0));
}
