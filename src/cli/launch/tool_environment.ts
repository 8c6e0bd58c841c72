import type { Platform } from "../../platform.ts";

/** The environment of a program that is run on the user's behalf: that of this program, without its settings and secrets. */
export function toolEnvironment({ wholeEnv }: Pick<Platform, "wholeEnv">): Record<string, string> {
  return Object.fromEntries(
    Object.entries(wholeEnv()).filter(([name]) => !/^(?:FEISHU_|DENO_KV_ACCESS_TOKEN$)/i.test(name)),
  );
}
