import type { ComposedServer, ComposeOptions, composeServer } from "../../compose.ts";
import { defined } from "../../defined.ts";
import { within } from "../../concurrency/within.ts";
import type { ErrorCode } from "../../errors/error_table.ts";
import type { Language } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { FailedCommand, startFailure } from "../command_line/command_failure.ts";
import { lackingPermissions } from "../surroundings/lacking_permissions.ts";
import { type FeishuTarget, openFeishuTarget } from "../target/feishu_target.ts";

/** Longest wait for work behind an answer: a commit that is retried, a renewal ahead of time. */
const CLOSE_DEADLINE_MS = 10_000;

/** Longest wait for the end of a backoff after a failure of another process: a script calls the command only once. */
const PAUSE_PATIENCE_MS = 10_000;

/** Options of {@linkcode withServer}. */
export interface WithServerOptions extends Pick<ComposeOptions, "platform" | "config" | "isPlaceFixed"> {
  /** Wires the parts. */
  readonly compose: typeof composeServer;
  /** Word on the command line, for the message about missing permissions. */
  readonly command: string;
  /** Aborted by a signal to the program. */
  readonly signal: AbortSignal;
}

/**
 * Opens the store and what works on it, does `work`, waits for what that has left in the background, and closes the
 * store.
 *
 * @throws FailedCommand where it cannot be opened; the reason of `signal` once that has aborted before the work.
 */
export async function withServer<T>(
  { platform, config, compose, command, signal, isPlaceFixed }: WithServerOptions,
  work: (server: ComposedServer, target: FeishuTarget) => Promise<T>,
): Promise<T> {
  const { language } = config;
  const target = await started(openFeishuTarget(platform, config, signal), {
    code: config.sandbox.kind === "embedded" ? "input_invalid" : "feishu_unavailable",
    language,
    command,
  });
  try {
    const server = await started(
      compose({
        ...{ platform, config, ...target, signal, pausePatienceMs: PAUSE_PATIENCE_MS },
        ...defined({ isPlaceFixed }),
      }),
      { code: "store_unavailable", language, command },
    );
    const stopWaiting = (): void => server.stopWaiting();
    signal.addEventListener("abort", stopWaiting, { once: true });
    try {
      signal.throwIfAborted();
      for (const warning of config.warnings) server.log.info(warning[language]);
      return await work(server, { ...target, credentials: server.credentials });
    } finally {
      // Until then the write of a pair that the store did not take is retried.
      await within(platform.clock, CLOSE_DEADLINE_MS, server.tokens.drain());
      await server.close(CLOSE_DEADLINE_MS);
    }
  } finally {
    await target.close();
  }
}

/** What a failure of a start is told with. */
interface StartFacts {
  /** For scripts. */
  readonly code: ErrorCode;
  readonly language: Language;
  readonly command: string;
}

async function started<T>(start: Promise<T>, { code, language, command }: StartFacts): Promise<T> {
  try {
    return await start;
  } catch (error) {
    const told = await lackingPermissions(error, command) ?? error;
    throw told instanceof StartError ? new FailedCommand(startFailure(told, code, language)) : told;
  }
}
