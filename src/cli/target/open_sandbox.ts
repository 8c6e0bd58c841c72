import type { Platform } from "../../platform.ts";
import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import type { Log } from "../../ports/log.ts";
import { MovedError } from "../../sandbox/moved_error.ts";
import type { OffsetClock } from "../../sandbox/offset_clock.ts";
import { sandboxBanner } from "../../sandbox/sandbox_banner.ts";
import { type ServedSandbox, serveSandbox } from "../../sandbox/serve_sandbox.ts";

/**
 * Starts a sandbox and prints its line on standard error. `log` gets a line at debug for each call.
 *
 * @param portFlag flag that sets the port, for messages.
 * @throws StartError when the sandbox cannot listen on the port.
 */
export async function openSandbox(
  platform: Platform,
  clock: OffsetClock,
  port: number,
  portFlag: string,
  log: Log,
): Promise<ServedSandbox> {
  try {
    const sandbox = await serveSandbox({ clock, random: platform.random, port, log });
    platform.stderr.write(`${sandboxBanner(sandbox.url)}\n`);
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
      : { en: "the port cannot be used", zh: "无法使用该端口" };
    throw new StartError({
      en: `The sandbox cannot listen on 127.0.0.1:${port}: ${why.en}`,
      zh: `沙箱无法监听 127.0.0.1:${port}：${why.zh}`,
    }, {
      nextStep: {
        en:
          `choose another with ${portFlag}, or 0 for a free one; to use a sandbox that already runs there, pass ` +
          `--sandbox-url http://127.0.0.1:${port}`,
        zh: `请用 ${portFlag} 换一个端口，或用 0 自动选择；若那里已有沙箱在运行，可用 ` +
          `--sandbox-url http://127.0.0.1:${port} 连接它`,
      },
      cause: error,
    });
  }
}
