import type { Platform } from "../../platform.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import { ioReason } from "../../store/files/io_reason.ts";

/** Exit code of a command that did its work and could not write its output. */
const EXIT_NOT_WRITTEN = 1;

/**
 * Waits until both streams are written in full, however slow their reader is. A signal still ends the program.
 *
 * @returns `exitCode`, or 1 where it is 0 and standard output could not be written.
 */
export async function finishOutput(
  { stdout, stderr }: Platform,
  language: Language,
  exitCode: number,
): Promise<number> {
  const failure = await Promise.race([
    stdout.failed.then((error) => ioReason(error)),
    stdout.drained().then(() => undefined),
  ]);
  if (failure !== undefined) stderr.write(`feishu-token-mcp: ${notWritten(failure)[language]}\n`);
  await stderr.drained();
  return failure === undefined || exitCode !== 0 ? exitCode : EXIT_NOT_WRITTEN;
}

function notWritten(why: Phrase): Phrase {
  return {
    en: `Cannot write standard output: ${why.en}. The output is incomplete`,
    zh: `无法写入标准输出：${why.zh}。输出不完整`,
  };
}
