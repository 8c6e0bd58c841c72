import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { setting } from "../../settings.ts";
import { VERSION } from "../../version.ts";
import { filesIn } from "./carried_variables.ts";
import { OUTSIDE_NAMES } from "../../outside_names.ts";

/** Volume with the store, which every container of the program shares. */
const VOLUME = "feishu-token-mcp:/data";

const STORE_IN_VOLUME: Phrase = {
  en: "With --form docker the store is in the volume feishu-token-mcp, and not in a file of this machine",
  zh: "使用 --form docker 时，令牌存储位于卷 feishu-token-mcp 中，而不是本机的文件",
};

const FILE_FLAGS = [`--${setting("envFile").flag}`, `--${setting("envFileIfExists").flag}`];
const KV_FLAG = `--${setting("kv").flag}`;
const SANDBOX_FLAG = `--${setting("sandboxUrl").flag}`;

/** What the program in a container is to have. */
export interface DockerLaunchOptions {
  /** Absolute path of Docker, or its name. */
  readonly docker: string;
  /** Flags with absolute paths of this machine. */
  readonly flags: readonly string[];
  /** Variables, of which some hold paths of this machine. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether a place of the store was named. */
  readonly isPlaceGiven: boolean;
}

/**
 * The command line of Docker in front of the program's own words, and the flags that go behind them. Files of this
 * machine are mounted, and env files are read by Docker.
 *
 * @throws StartError where the settings name a file for the store.
 */
export function dockerLaunch(
  { docker, flags, variables, isPlaceGiven }: DockerLaunchOptions,
): { readonly command: string; readonly args: string[]; readonly flags: string[] } {
  const pairs = flags.flatMap((flag, at): [string, string][] =>
    at % 2 === 0 ? [[flag, flags[at + 1] ?? ""]] : []
  );
  const place = pairs.find(([flag]) => flag === KV_FLAG)?.[1];
  if (isPlaceGiven && place !== undefined && !/^https?:|^:memory:$/.test(place)) {
    throw new StartError(STORE_IN_VOLUME, {
      nextStep: { en: "leave --kv and FEISHU_TOKEN_KV out", zh: "请去掉 --kv 和 FEISHU_TOKEN_KV" },
    });
  }
  const usesSandbox = pairs.some(([flag]) => flag === SANDBOX_FLAG);
  const args = [
    ...["run", "-i", "--rm", "-v", VOLUME],
    // A sandbox listens on this machine's loopback address alone.
    ...(usesSandbox ? ["--network", "host"] : []),
    ...pairs.filter(([flag]) => FILE_FLAGS.includes(flag)).flatMap(([, path]) => ["--env-file", path]),
    ...filesIn(variables).flatMap((path) => ["-v", `${path}:${path}:ro`]),
    ...Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
    `${OUTSIDE_NAMES.image}:${VERSION}`,
  ];
  const kept = pairs.filter(([flag, value]) =>
    !FILE_FLAGS.includes(flag) && (flag !== KV_FLAG || value === place && isPlaceGiven)
  );
  return { command: docker, args, flags: kept.flat() };
}
