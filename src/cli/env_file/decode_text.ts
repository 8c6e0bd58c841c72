/** UTF-16 code units that are inspected in a file without a byte order mark. */
const SAMPLE = 64;

/**
 * The text of a file in UTF-8, or in the UTF-16 that PowerShell 5 and Notepad write, without its byte order mark. A
 * file without one is UTF-16 where every other byte is zero, since names in an env file are ASCII.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const sample = bytes.subarray(0, 2 * SAMPLE);
  const zeros = (from: 0 | 1): number =>
    sample.filter((byte, index) => index % 2 === from && byte === 0).length;
  const most = sample.length / 4;
  if (zeros(1) > most && zeros(0) === 0) return "utf-16le";
  if (zeros(0) > most && zeros(1) === 0) return "utf-16be";
  return "utf-8";
}
