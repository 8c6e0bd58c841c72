/** A picture in the form of canvases: four bytes a pixel. */
export interface Picture {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Pixels of a character. A character of a terminal is twice as high as it is wide. */
const CELL = { width: 4, height: 8 };

/** Colour of the terminal itself: dark, so that a code which relies on it is not read. */
const DEFAULT_COLOUR = 16;

/** What a terminal with a dark theme shows of `text`: its colours are `38;5;N`, `48;5;N` and `0`. */
export function renderTerminal(text: string): Picture {
  const rows = text.trimEnd().split("\n").map(cellsOf);
  const width = CELL.width * Math.max(...rows.map((row) => row.length));
  const height = CELL.height * rows.length;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [upper = DEFAULT_COLOUR, lower = DEFAULT_COLOUR] =
        rows[Math.floor(y / CELL.height)]?.[Math.floor(x / CELL.width)] ?? [];
      const colour = y % CELL.height < CELL.height / 2 ? upper : lower;
      data.set(colour === 231 ? [255, 255, 255, 255] : [0, 0, 0, 255], 4 * (y * width + x));
    }
  }
  return { data, width, height };
}

/** The colours of the upper and the lower half of each character. */
function cellsOf(line: string): (readonly [number, number])[] {
  let foreground = DEFAULT_COLOUR;
  let background = DEFAULT_COLOUR;
  const cells: (readonly [number, number])[] = [];
  // deno-lint-ignore no-control-regex
  for (const [part, codes] of line.matchAll(/\x1b\[([\d;]*)m|[^\x1b]/g)) {
    if (codes === undefined) {
      const [isUpper, isLower] = ["█▀".includes(part), "█▄".includes(part)];
      cells.push([isUpper ? foreground : background, isLower ? foreground : background]);
      continue;
    }
    foreground = Number(/38;5;(\d+)/.exec(codes)?.[1] ?? foreground);
    background = Number(/48;5;(\d+)/.exec(codes)?.[1] ?? background);
  }
  return cells;
}
