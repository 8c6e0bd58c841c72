const SHOWN_FRAMES = 8;

/**
 * The innermost places in the code that `error` came through, in one line; `undefined` where they cannot be told apart
 * from its message, which may quote what the program was sent.
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
