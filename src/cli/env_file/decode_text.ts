/** How many code units are looked at where nothing says how a file is encoded. */
const SAMPLE = 64;

/**
 * The text of a file: UTF-8, or the UTF-16 that PowerShell 5 and Notepad write. A byte order mark is cut; without one, a
 * zero in every other byte tells UTF-16 too, since no line of an env file begins with a letter outside of ASCII.
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
