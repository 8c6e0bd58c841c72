import { setting, settingNames } from "../../settings.ts";

/** The variable of a setting without a flag whose name resembles the flag `bare`, which has no hyphens in front. */
export function variableNamedLike(bare: string): string | undefined {
  const name = bare.replaceAll("-", "_").toUpperCase();
  return settingNames().map(setting)
    .find(({ flag, variable }) => flag === undefined && variable?.replace(/^FEISHU_(TOKEN_)?/, "") === name)
    ?.variable;
}
