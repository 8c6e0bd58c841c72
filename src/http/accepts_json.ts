/** The media ranges that include JSON, the widest first. */
const RANGES_OF_JSON = ["*/*", "application/*", "application/json"];

/** One element of the list; a comma in quotes is a part of it. */
const ELEMENT = /(?:"(?:\\.|[^"\\])*"|[^,"])+/g;
const MEDIA_RANGE = /^[^\s/;]+\/[^\s/;]+$/;
const WEIGHT = /;\s*q\s*=\s*([\d.]+)\s*(?:;|$)/i;

/**
 * Whether `accept`, the value of `Accept`, allows a JSON answer. The narrowest range that includes JSON decides: a
 * weight of 0 excludes it. Elements that are no media ranges are ignored; a list without any media range allows JSON.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
 */
export function acceptsJson(accept: string | null): boolean {
  const weights = new Map<string, number>();
  let hasRange = false;
  for (const [element] of (accept ?? "").matchAll(ELEMENT)) {
    const range = (element.split(";", 1)[0] ?? "").trim().toLowerCase();
    if (!MEDIA_RANGE.test(range)) continue;
    hasRange = true;
    const weight = Number(WEIGHT.exec(element)?.[1] ?? 1);
    // A range may occur more than once, with different parameters: one that allows JSON is enough.
    weights.set(range, Math.max(weight, weights.get(range) ?? 0));
  }
  const narrowest = RANGES_OF_JSON.findLast((range) => weights.has(range));
  return narrowest === undefined ? !hasRange : weights.get(narrowest) !== 0;
}
