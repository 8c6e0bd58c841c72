const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/** `text` in UTF-8, but for lone surrogates, which are encoded as if they were characters: no valid UTF-8. */
export function looseUtf8(text: string): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  if (text.isWellFormed()) return encoder.encode(text);
  const parts = Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < FIRST_SURROGATE || code > LAST_SURROGATE) return encoder.encode(character);
    return Uint8Array.of(0xe0 | code >> 12, 0x80 | code >> 6 & 0x3f, 0x80 | code & 0x3f);
  });
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
