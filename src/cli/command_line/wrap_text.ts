/** Fullwidth and CJK characters, which take two columns of a terminal. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

/** Punctuation that must not begin a line in Chinese. */
const CLOSING = /^[，。、：；？！）」》…]/;

/** Punctuation that must not end one. */
const OPENING = /[（「[]$/;

/** Width of `text` in columns of a terminal. */
export function columnsOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);
}

/** `text` in lines of at most `width` columns, broken at blanks and between Chinese characters. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of piecesOf(text)) {
    const longer = line + piece;
    if (line !== "" && columnsOf(longer.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else {
      line = longer;
    }
  }
  return [...lines, line.trimEnd()];
}

/** The smallest pieces that stay together: a word or a Chinese character, the blank behind it, its punctuation. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (const [piece] of text.matchAll(/\[|[^\x21-\x7e\s]\s*|[\x21-\x5a\x5c-\x7e]+\s*|\s+/g)) {
    const last = pieces.at(-1);
    const isTied = last !== undefined && (CLOSING.test(piece) || OPENING.test(last));
    if (isTied) pieces[pieces.length - 1] = last + piece;
    else pieces.push(piece);
  }
  return pieces;
}
