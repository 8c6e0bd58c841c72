import type { Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";
import type { SessionPart } from "./session_part.ts";
import { readSource, type SessionSource } from "./session_source.ts";

/** The headers of app credentials. */
export const CREDENTIAL_HEADERS: Readonly<Record<SessionPart, string>> = {
  app_id: "X-Feishu-App-Id",
  app_secret: "X-Feishu-App-Secret",
  brand: "X-Feishu-Brand",
};

const PLACE = { label: { en: "the headers", zh: "请求头" }, names: CREDENTIAL_HEADERS };
const PARTS: readonly SessionPart[] = ["app_id", "app_secret", "brand"];

/** Reads the credentials in the headers of a request. */
export function readHeaderSource(headers: Headers, problems: Phrase[]): SessionSource {
  const values = PARTS.map((part) => {
    const name = CREDENTIAL_HEADERS[part];
    return { part, name: verbatim(name), value: decoded(headers.get(name)) };
  });
  return readSource(PLACE, values, problems);
}

/** `Headers` returns a value in UTF-8 with one character for each byte. */
function decoded(value: string | null): string | null {
  if (value === null || !/[\x80-\xff]/.test(value)) return value;
  try {
    const bytes = Uint8Array.from(value, (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return value;
  }
}

/** A key that only equal credential headers share; `undefined` where there are none. It has the secret in it. */
export function headerKey(headers: Headers): string | undefined {
  const id = headers.get(CREDENTIAL_HEADERS.app_id) ?? "";
  const secret = headers.get(CREDENTIAL_HEADERS.app_secret) ?? "";
  const brand = headers.get(CREDENTIAL_HEADERS.brand) ?? "";
  // Unambiguous: no header has a line break in it, and a blank one counts as missing.
  return id === "" && secret === "" && brand === "" ? undefined : `${id}\n${secret}\n${brand}`;
}
