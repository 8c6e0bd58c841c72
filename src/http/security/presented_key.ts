/** Scheme and token; the scheme in any case. */
const BEARER_CREDENTIALS = /^bearer(?:[ \t]+(.*))?$/is;

/**
 * What a request gives as its key: the token of `Authorization: Bearer`, whatever it is; `undefined` where there is no
 * token, or the scheme is another.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function presentedKey(headers: Headers): string | undefined {
  return BEARER_CREDENTIALS.exec(headers.get("authorization")?.trim() ?? "")?.[1]?.trim() || undefined;
}
