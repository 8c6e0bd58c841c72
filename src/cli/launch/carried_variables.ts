import type { Platform } from "../../platform.ts";
import { absolutePath } from "./absolute_path.ts";

/** Settings without a flag that a server on stdio, or `keep`, depends on. None of them is a secret. */
const CARRIED_SETTINGS = [
  "FEISHU_APP_ID",
  "FEISHU_BRAND",
  "FEISHU_REFRESH_ENDPOINT",
  "FEISHU_TOKEN_SCOPES",
  "FEISHU_APP_SECRET_FILE",
  "FEISHU_TOKEN_KEY_FILE",
];

/** Of the sandbox's app nothing is set. */
const OF_THE_APP: ReadonlySet<string> = new Set(["FEISHU_APP_ID", "FEISHU_BRAND", "FEISHU_APP_SECRET_FILE"]);

/** By these a program gets through a company's proxy and knows its certificate authority. */
const NETWORK_VARIABLES = [
  ...["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"],
  ...["https_proxy", "http_proxy", "all_proxy", "no_proxy"],
  ...["NODE_EXTRA_CA_CERTS", "DENO_CERT", "DENO_TLS_CA_STORE"],
];

/** By these Deno finds its packages, which a binary has in itself. */
const PACKAGE_VARIABLES = ["DENO_DIR", "NPM_CONFIG_REGISTRY"];

/** Those that hold the path of a file or folder. */
const PATH_VARIABLES: ReadonlySet<string> = new Set([
  "FEISHU_APP_SECRET_FILE",
  "FEISHU_TOKEN_KEY_FILE",
  "NODE_EXTRA_CA_CERTS",
  "DENO_CERT",
  "DENO_DIR",
]);

/** Options of {@linkcode carriedVariables}. */
export interface CarriedVariablesOptions {
  /** Whether the app of the settings is used, and not the sandbox's. */
  readonly usesApp: boolean;
  /** Whether Deno runs the program, and not the program itself. */
  readonly usesDeno: boolean;
}

/** The variables of this environment that a program depends on which is started by another one, with absolute paths. */
export function carriedVariables(
  platform: Pick<Platform, "os" | "env" | "self" | "wholeEnv">,
  { usesApp, usesDeno }: CarriedVariablesOptions,
): Record<string, string> {
  // As it was at the start: this process has added loopback names to NO_PROXY for itself.
  const whole = platform.wholeEnv();
  const settings = CARRIED_SETTINGS.filter((name) => usesApp || !OF_THE_APP.has(name));
  const names = [...settings, ...NETWORK_VARIABLES, ...(usesDeno ? PACKAGE_VARIABLES : [])];
  // On Windows a variable has the same name in any case.
  const byName = new Map(
    Object.entries(whole).map((
      [name, value],
    ) => [platform.os === "windows" ? name.toUpperCase() : name, value]),
  );
  return Object.fromEntries(names.flatMap((name) => {
    const value = byName.get(name)?.trim();
    if (value === undefined || value === "") return [];
    return [[name, PATH_VARIABLES.has(name) ? absolutePath(value, platform) : value]];
  }));
}

/** Those of `variables` that hold the path of a file. */
export function filesIn(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).filter(([name]) => PATH_VARIABLES.has(name) && name !== "DENO_DIR")
    .map(([, path]) => path);
}

/** The names of those of `variables` that have a password in an address. */
export function withPassword(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).filter(([, value]) => URL.parse(value)?.password).map(([name]) => name);
}
