import { composeLog } from "../../compose.ts";
import type { Platform } from "../../platform.ts";
import type { Config, SandboxUse } from "../../config.ts";
import { StartError } from "../../errors/start_error.ts";
import { Mask } from "../../log/mask.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AppCredentials } from "../../ports/feishu.ts";
import {
  type ClockFollowing,
  followSandboxClock,
  type FollowSandboxClockOptions,
} from "../../sandbox/follow_sandbox_clock.ts";
import { OffsetClock } from "../../sandbox/offset_clock.ts";
import { sandboxCredentials } from "./sandbox_credentials.ts";

/** A sandbox in the place of the real Feishu. */
export interface SandboxTarget {
  /** Its origin. */
  readonly baseUrl: string;
  /** Of its default app. */
  readonly credentials: AppCredentials;
  /** In step with the sandbox's. */
  readonly clock: Clock;
  /** Ends the sandbox, or stops following its clock. */
  close(): Promise<void>;
}

/**
 * Starts a sandbox in this process, or connects to one that runs elsewhere on the machine.
 *
 * @throws StartError where there is none; the reason of `signal` once it is aborted, which ends the start.
 */
export async function startSandboxTarget(
  platform: Platform,
  config: Config,
  { signal, ...use }: Exclude<SandboxUse, { readonly kind: "none" | "kept" }> & {
    readonly signal: AbortSignal | undefined;
  },
): Promise<SandboxTarget> {
  const clock = new OffsetClock(platform.clock);
  const credentials = sandboxCredentials();
  const log = composeLog(platform, config, new Mask());
  if (use.kind === "embedded") {
    // Loaded on demand: a server that uses a sandbox elsewhere keeps none in memory.
    const { openSandbox } = await import("./open_sandbox.ts");
    const sandbox = await openSandbox(platform, clock, use.port, "--sandbox-port", log);
    return {
      baseUrl: sandbox.url,
      credentials,
      clock,
      close: () => sandbox.close(),
    };
  }
  const stopping = new AbortController();
  const { url } = use;
  const endStart = (): void => stopping.abort(signal?.reason);
  if (signal?.aborted) endStart();
  signal?.addEventListener("abort", endStart, { once: true });
  const following = await follow({
    url,
    clock,
    fetch: platform.fetch,
    signal: stopping.signal,
    onError: (error) => log.debug("sandbox clock not followed, trying on", { error: String(error) }),
  });
  // After the start only `close` ends the following: calls in flight need the clock to the end.
  signal?.removeEventListener("abort", endStart);
  return {
    baseUrl: url,
    credentials,
    clock,
    async close(): Promise<void> {
      stopping.abort(new Error("The server is stopping"));
      await following.stopped;
    },
  };
}

async function follow(options: FollowSandboxClockOptions): Promise<ClockFollowing> {
  try {
    return await followSandboxClock(options);
  } catch (error) {
    options.signal.throwIfAborted();
    throw new StartError({
      en: `There is no sandbox at ${options.url}`,
      zh: `${options.url} 上没有沙箱`,
    }, {
      nextStep: { en: "start one with `deno task sandbox`", zh: "请用 `deno task sandbox` 启动一个" },
      cause: error,
    });
  }
}
