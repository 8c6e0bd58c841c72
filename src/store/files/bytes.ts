/** Bytes in a buffer that is not shared, as WebCrypto and Deno KV require. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Text as UTF-8. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/**
 * UTF-8 as text.
 *
 * @throws TypeError when `bytes` is not UTF-8.
 */
export function fromUtf8(bytes: Bytes): string {
  return decoder.decode(bytes);
}

/** `bytes` as base64url without padding. */
export function base64url(bytes: Bytes): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/**
 * The bytes that `text` encodes in base64 or base64url, padded or not.
 *
 * @throws SyntaxError when it is neither.
 */
export function fromBase64(text: string): Bytes {
  return Uint8Array.fromBase64(text.replaceAll("+", "-").replaceAll("/", "_"), { alphabet: "base64url" });
}
