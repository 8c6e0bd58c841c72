import { composeLog, type Platform } from "../compose.ts";
import type { Config, SandboxUse } from "../config.ts";
import type { Phrase } from "../errors/language.ts";
import { StartError } from "../errors/start_error.ts";
import { Mask } from "../log/mask.ts";
import type { Clock } from "../ports/clock.ts";
import type { AppCredentials } from "../ports/feishu.ts";
import {
  type ClockFollowing,
  followSandboxClock,
  type FollowSandboxClockOptions,
} from "../sandbox/follow_clock.ts";
import { MovedError } from "../sandbox/moved_error.ts";
import { OffsetClock } from "../sandbox/offset_clock.ts";
import { DEFAULT_SANDBOX_APP } from "../sandbox/sandbox_apps.ts";
import { sandboxBanner } from "../sandbox/sandbox_banner.ts";
import { type ServedSandbox, serveSandbox } from "../sandbox/serve_sandbox.ts";
import { Secret } from "../secret.ts";

/** What a sandbox puts in the place of the real Feishu. */
export interface SandboxBacking {
  /** The sandbox's origin. */
  readonly baseUrl: string;
  /** The sandbox's app. */
  readonly credentials: AppCredentials;
  /** Shared with the sandbox: ageing one ages both. */
  readonly clock: Clock;
  /** Ends the sandbox, or the connection to it. */
  close(): Promise<void>;
}

/**
 * Starts the sandbox inside this process, or connects to the one that runs elsewhere on the machine, as `use` says.
 *
 * @throws StartError in one line.
 */
export async function startSandboxBacking(
  platform: Platform,
  config: Config,
  use: Exclude<SandboxUse, { readonly kind: "none" }>,
): Promise<SandboxBacking> {
  const clock = new OffsetClock(platform.clock);
  const credentials: AppCredentials = {
    brand: "feishu",
    appId: DEFAULT_SANDBOX_APP.appId,
    appSecret: new Secret(DEFAULT_SANDBOX_APP.appSecret),
  };
  if (use.kind === "embedded") {
    const sandbox = await openSandbox(platform, clock, use.port, "--sandbox-port");
    return {
      baseUrl: sandbox.url,
      credentials,
      clock,
      close: () => sandbox.close(),
    };
  }
  const stopping = new AbortController();
  const { url } = use;
  const log = composeLog(platform, config, new Mask());
  const following = await follow({
    url,
    clock,
    fetch: platform.fetch,
    signal: stopping.signal,
    onError: (error) => log.debug("sandbox clock not followed, trying on", { error: String(error) }),
  });
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

/**
 * Starts a sandbox and prints its one line on standard error. `portFlag` is how its port is chosen.
 *
 * @throws StartError when the port cannot be had.
 */
export async function openSandbox(
  platform: Platform,
  clock: OffsetClock,
  port: number,
  portFlag: string,
): Promise<ServedSandbox> {
  try {
    const sandbox = await serveSandbox({ clock, random: platform.random, port });
    platform.writeError(`${sandboxBanner(sandbox.url)}\n`);
    return sandbox;
  } catch (error) {
    if (error instanceof MovedError) {
      throw new StartError({
        en: "The sandbox listens on 127.0.0.1 alone, and DENO_SERVE_ADDRESS names another address",
        zh: "沙箱只监听 127.0.0.1，而 DENO_SERVE_ADDRESS 指定了别的地址",
      }, { nextStep: { en: "unset it", zh: "请取消该变量" }, cause: error });
    }
    const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    const why: Phrase = isTaken
      ? { en: "the port is in use", zh: "端口已被占用" }
      : { en: "it cannot be had", zh: "无法使用该端口" };
    throw new StartError({
      en: `The sandbox cannot listen on 127.0.0.1:${port}: ${why.en}`,
      zh: `沙箱无法监听 127.0.0.1:${port}：${why.zh}`,
    }, {
      nextStep: {
        en: `choose another with ${portFlag}, or 0 for any`,
        zh: `请用 ${portFlag} 换一个端口，或用 0 自动选择`,
      },
      cause: error,
    });
  }
}

async function follow(options: FollowSandboxClockOptions): Promise<ClockFollowing> {
  try {
    return await followSandboxClock(options);
  } catch (error) {
    throw new StartError({
      en: `There is no sandbox at ${options.url}`,
      zh: `${options.url} 上没有沙箱`,
    }, {
      nextStep: { en: "start one with `deno task sandbox`", zh: "请用 `deno task sandbox` 启动一个" },
      cause: error,
    });
  }
}
