/** Media ranges that JSON is in, from the widest. */
const RANGES_OF_JSON = ["*/*", "application/*", "application/json"];

/** One element of the list: a comma in quotes does not end it. */
const ELEMENT = /(?:"(?:\\.|[^"\\])*"|[^,"])+/g;
const MEDIA_RANGE = /^[^\s/;]+\/[^\s/;]+$/;
const WEIGHT = /;\s*q\s*=\s*([\d.]+)\s*(?:;|$)/i;

/**
 * Whether `accept`, the value of `Accept`, lets a JSON answer pass. The narrowest range that JSON is in decides, and its
 * weight of 0 excludes it. What is no media range says nothing, and a list that says nothing excludes nothing.
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
    // With parameters, a range stands in the list more than once: one that lets JSON pass is enough.
    weights.set(range, Math.max(weight, weights.get(range) ?? 0));
  }
  const narrowest = RANGES_OF_JSON.findLast((range) => weights.has(range));
  return narrowest === undefined ? !hasRange : weights.get(narrowest) !== 0;
}
