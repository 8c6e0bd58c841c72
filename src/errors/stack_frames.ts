const SHOWN_FRAMES = 8;

/**
 * The innermost frames of the stack of `error` in one line, without its message, which may quote what the program was
 * sent; `undefined` where the message cannot be separated from them.
 */
export function stackFrames(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  const { name, message, stack } = error;
  const head = message === "" ? name : `${name}: ${message}`;
  if (!stack.startsWith(head)) return undefined;
  const frames = stack.slice(head.length).split("\n").map((line) => line.trim()).filter((line) =>
    /^at /.test(line)
  );
  return frames.length === 0 ? undefined : frames.slice(0, SHOWN_FRAMES).join(" ");
}
