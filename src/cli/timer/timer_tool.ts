import { StartError } from "../../errors/start_error.ts";
import type { Platform } from "../../platform.ts";
import type { ToolEnd } from "../../process/run_tool.ts";
import { toolEnvironment } from "../launch/tool_environment.ts";

const TIMER_TOOL_MS = 30_000;

/** A command of the system that has timers. */
export class TimerTool {
  readonly #platform: Pick<Platform, "runTool" | "wholeEnv">;
  readonly #file: string;
  readonly #name: string;

  /** The command `name` at `file`. */
  constructor(name: string, file: string, platform: Pick<Platform, "runTool" | "wholeEnv">) {
    this.#name = name;
    this.#file = file;
    this.#platform = platform;
  }

  /** Runs it. */
  async run(...args: readonly string[]): Promise<ToolEnd> {
    const env = toolEnvironment(this.#platform);
    return await this.#platform.runTool({ file: this.#file, args, env, deadlineMs: TIMER_TOOL_MS });
  }

  /** Whether it ends with success. */
  async does(...args: readonly string[]): Promise<boolean> {
    return (await this.run(...args)).code === 0;
  }

  /**
   * Runs it.
   *
   * @throws StartError with what it said where it fails.
   */
  async must(...args: readonly string[]): Promise<ToolEnd> {
    const end = await this.run(...args);
    if (end.code === 0) return end;
    const shown = [this.#name, ...args.slice(0, 3)].join(" ");
    const said = (end.stderr.trim() || end.stdout.trim()).split("\n").at(-1) ?? "";
    throw new StartError({
      en: `${shown} failed (${end.code})${said === "" ? "" : `: ${said}`}`,
      zh: `${shown} 失败（${end.code}）${said === "" ? "" : `：${said}`}`,
    });
  }
}
