import type { Platform } from "../../platform.ts";

/**
 * Asks `question` on the terminal, and reads one line.
 *
 * @param signal ends the wait for an answer.
 * @returns whether the answer is yes. The end of input is a no.
 * @throws the reason of `signal`.
 */
export async function askYes(
  { stdin, stderr }: Pick<Platform, "stdin" | "stderr">,
  question: string,
  signal: AbortSignal,
): Promise<boolean> {
  signal.throwIfAborted();
  stderr.write(question);
  const end = (): void => void stdin.destroy();
  signal.addEventListener("abort", end, { once: true });
  try {
    const answer = await readLine(stdin);
    signal.throwIfAborted();
    return /^(y|yes|是|好)$/i.test(answer.trim());
  } finally {
    signal.removeEventListener("abort", end);
  }
}

async function readLine(stdin: Platform["stdin"]): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of stdin) {
      text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
      if (text.includes("\n")) break;
    }
  } catch {
    // Input that ends in an error is no yes.
    return "";
  }
  return text.split("\n", 1)[0] ?? "";
}
