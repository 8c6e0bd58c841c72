import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";

/** Hosting platforms document 2.5. In 2.4 the store does not open: functions that it calls do not exist. */
const OLDEST_DENO = [2, 5] as const;

/** The error for a `version` of Deno, such as `2.4.4`, that is too old; else `undefined`. */
export function tooOldDeno(version: string): StartError | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_DENO;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  const oldest = OLDEST_DENO.join(".");
  const nextStep: Phrase = {
    en:
      `run \`deno upgrade\`, or \`npx -y deno@2.9.6\` in place of \`deno\`: ${oldest} is the oldest that works`,
    zh: `请执行 \`deno upgrade\`，或用 \`npx -y deno@2.9.6\` 代替 \`deno\`：最低需要 ${oldest}`,
  };
  return new StartError({ en: `Deno ${version} is too old`, zh: `Deno ${version} 版本过低` }, { nextStep });
}
