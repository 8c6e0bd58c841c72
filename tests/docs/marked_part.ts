/** A page, cut at the two markers of a generated part. */
export interface CutPage {
  /** Up to and with `<!-- begin NAME -->`. */
  readonly head: string;
  /** What stands between the markers. */
  readonly part: string;
  /** From `<!-- end NAME -->`. */
  readonly tail: string;
}

/**
 * Cuts `page` at the markers of the part `name`.
 *
 * @throws RangeError when they are missing.
 */
export function cutPage(page: string, name: string): CutPage {
  const begin = `<!-- begin ${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(`<!-- end ${name} -->`);
  if (from < 0 || to < from) throw new RangeError(`The markers of the part "${name}" are missing`);
  const head = page.slice(0, from + begin.length);
  return { head, part: page.slice(head.length, to), tail: page.slice(to) };
}
