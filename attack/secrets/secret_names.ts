import type { Canaries } from "../canaries.ts";

/** Where each planted secret goes in. */
export const SECRET_NAMES = [
  "app secret of the environment",
  "app secret in a header",
  "app secret in the query",
  "app secret in config",
  "app secret in a dotted parameter",
  "app secret that is wrong",
  "app secret in the place of the App ID",
  "Authorization header",
  "KV access token",
  "access token",
  "refresh token that is issued",
  "refresh token that is presented",
  "refresh token of nobody",
  "app token",
  "argument of a tool",
  "argument of a command",
  "cookie",
  "path",
  "base URL",
  "store's URL",
  "proxy's password",
  "env file",
  "origin",
  "session id",
  "protocol version",
] as const;

/** The planted secrets, by where they go in. */
export type PlantedSecrets = Readonly<Record<(typeof SECRET_NAMES)[number], string>>;

/** Makes them up. */
export function plantSecrets(canaries: Canaries): PlantedSecrets {
  return Object.fromEntries(SECRET_NAMES.map((name) => [name, canaries.make(name)])) as PlantedSecrets;
}

/** The App IDs that the planted app secrets are used with, where they are in their right places. */
export const APP_IDS = ["cli_env00000000000", "cli_hdr00000000000"] as const;
