/** Forms in which a command prints its result. */
export const TOKEN_FORMATS = ["text", "json", "env"] as const;

/** One of {@linkcode TOKEN_FORMATS}. */
export type TokenFormat = (typeof TOKEN_FORMATS)[number];

/** Result of a tool, as far as a format shows it. */
export interface TokenAnswer {
  /** Set alone. */
  readonly app_access_token?: string;
  /** Set alone. */
  readonly tenant_access_token?: string;
  /** The user's token. */
  readonly access_token?: string;
  /** Replaces the one that was presented. */
  readonly refresh_token?: string | undefined;
  /** What is unusual, and what to do. */
  readonly warning?: string | undefined;
}

/** Field of the answer, and the variable that `env` prints it as. */
const VARIABLES = [
  ["app_access_token", "FEISHU_APP_ACCESS_TOKEN"],
  ["tenant_access_token", "FEISHU_TENANT_ACCESS_TOKEN"],
  ["access_token", "FEISHU_USER_ACCESS_TOKEN"],
  ["refresh_token", "FEISHU_REFRESH_TOKEN"],
] as const;

/** Text for standard output: the access token alone, the whole answer as one line of JSON, or lines of variables. */
export function formatTokens(answer: TokenAnswer, format: TokenFormat): string {
  switch (format) {
    case "text":
      return `${answer.app_access_token ?? answer.tenant_access_token ?? answer.access_token ?? ""}\n`;
    case "json":
      return `${JSON.stringify(answer)}\n`;
    case "env":
      return VARIABLES.flatMap(([field, variable]) => {
        const value = answer[field];
        return value === undefined ? [] : [`${variable}=${shellWord(value)}\n`];
      }).join("");
  }
}

/** Quoted only where a shell needs it: in env files of containers quotes are part of the value. */
function shellWord(value: string): string {
  return /^[A-Za-z0-9._~+\/=:@%-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
