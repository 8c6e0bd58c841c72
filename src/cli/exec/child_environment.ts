import { setting, settingNames } from "../../settings.ts";
import type { Platform } from "../../platform.ts";

/** Whose token a program gets. */
export const TOKEN_KINDS = ["user", "tenant", "app"] as const;

/** One of {@linkcode TOKEN_KINDS}. */
export type TokenKind = (typeof TOKEN_KINDS)[number];

const TOKEN_VARIABLES: Readonly<Record<TokenKind, string>> = {
  user: "FEISHU_USER_ACCESS_TOKEN",
  tenant: "FEISHU_TENANT_ACCESS_TOKEN",
  app: "FEISHU_APP_ACCESS_TOKEN",
};

/** Secrets that are no settings of ours: of the store's server, and of `token refresh`. */
const OTHER_SECRETS = ["DENO_KV_ACCESS_TOKEN", "FEISHU_REFRESH_TOKEN"];

/** Settings that a program of Feishu's may want too, and that are no secrets. `PORT` is everybody's. */
const SHARED_VARIABLES: ReadonlySet<string> = new Set([
  "FEISHU_APP_ID",
  "FEISHU_BASE_URL",
  "FEISHU_BRAND",
  "PORT",
]);

/** What a child's environment is made of. */
export interface ChildEnvironment {
  /** Of this program. */
  readonly own: Readonly<Record<string, string>>;
  /** Kind of `token`. */
  readonly kind: TokenKind;
  /** The one token that the child gets. */
  readonly token: string;
  /** On Windows a variable has the same name in any case. */
  readonly os: Platform["os"];
}

/** The environment for a program: without our settings and secrets, with the token in place of any other. */
export function childEnvironment({ own, kind, token, os }: ChildEnvironment): Record<string, string> {
  const kept = Object.entries(own).filter(([name]) => !isOurs(os === "windows" ? name.toUpperCase() : name));
  return { ...Object.fromEntries(kept), [TOKEN_VARIABLES[kind]]: token };
}

function isOurs(name: string): boolean {
  const settings = settingNames().map((each) => setting(each).variable);
  const isSetting = settings.includes(name) || name.startsWith("FEISHU_TOKEN_");
  return (isSetting && !SHARED_VARIABLES.has(name)) || OTHER_SECRETS.includes(name) ||
    Object.values(TOKEN_VARIABLES).includes(name);
}
