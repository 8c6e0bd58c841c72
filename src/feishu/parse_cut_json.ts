import { endOfString } from "./end_of_string.ts";

/** Deepest nesting that is parsed. No answer is deeper, and the limit keeps the work proportional to the length. */
const MAX_DEPTH = 32;

/**
 * Parses JSON whose end is missing or damaged: keeps every complete value, drops the incomplete last one, and closes
 * what is open. `{"a":"x","b":{"c":1,"d":"y` gives `{a: "x", b: {c: 1}}`. A number at the very end counts as
 * incomplete, since more digits may have followed.
 *
 * @returns `undefined` when not even the beginning can be read.
 */
export function parseCutJson(text: string): unknown {
  // The brackets that would close everything that is open, innermost first.
  let closers = "";
  let kept = "";
  let isKey = false;
  let at = 0;
  while (at < text.length && closers.length <= MAX_DEPTH) {
    const char = text[at];
    if (char === '"') {
      const end = endOfString(text, at);
      if (end === undefined) break;
      at = end;
      if (!isKey) kept = text.slice(0, at) + closers;
      continue;
    }
    if (char === ",") kept = text.slice(0, at) + closers;
    at++;
    if (char === "{" || char === "[") {
      closers = (char === "{" ? "}" : "]") + closers;
      kept = text.slice(0, at) + closers;
    } else if (char === "}" || char === "]") {
      if (closers[0] !== char) break;
      closers = closers.slice(1);
      kept = text.slice(0, at) + closers;
      if (closers === "") break;
    }
    if (char === "{" || char === ",") isKey = closers[0] === "}";
    if (char === ":") isKey = false;
  }
  try {
    return JSON.parse(kept);
  } catch {
    return undefined;
  }
}
