import { tomlStatements } from "./toml_statements.ts";

/** A part of a text. */
export interface TextSpan {
  /** Offset of its first character. */
  readonly from: number;
  /** Offset behind its last one. */
  readonly to: number;
}

/** The tables at and below `path` whose further path `isMeant`, each with its keys. */
export function tableSpans(
  text: string,
  path: readonly string[],
  isMeant: (rest: readonly string[]) => boolean,
): TextSpan[] {
  const statements = tomlStatements(text);
  return statements.flatMap((each, index): TextSpan[] => {
    const isBelow = each.kind !== "key" && path.every((part, at) => each.path[at] === part);
    if (!isBelow || !isMeant(each.path.slice(path.length))) return [];
    const next = statements.findIndex((other, at) => at > index && other.kind !== "key");
    const last = statements[next < 0 ? statements.length - 1 : next - 1] ?? each;
    return [{ from: each.from, to: last.to }];
  });
}

/** Removes whole tables; where one leaves two blank lines together, one of them goes too. */
export function withoutSpans(text: string, spans: readonly TextSpan[]): string {
  let rest = text;
  for (const { from, to } of spans.toReversed()) {
    const head = rest.slice(0, from);
    const tail = rest.slice(to);
    const isGap = /(?:^|\n)[ \t]*\r?\n$/.test(head) || head === "";
    rest = head + (isGap ? tail.replace(/^[ \t]*\r?\n/, "") : tail);
  }
  return rest;
}
