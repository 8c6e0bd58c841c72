import type { Brand } from "../../brand.ts";
import { readBrand } from "../apps/read_brand.ts";
import { readScopes } from "../command_line/read_scopes.ts";
import { UsageError } from "../command_line/usage_error.ts";

/** What the command line says of the steps. Absent: it is asked, or with `--yes` the usual way is taken. */
export interface SetupFlags {
  /** Where a new app is made. */
  readonly brand?: Brand;
  /** Whether to make a new app although there is one. */
  readonly isNewApp: boolean;
  /** Id of the person's own app, whose secret is asked for or read from standard input. */
  readonly appId?: string;
  /** The client to configure. */
  readonly client?: string;
  /** Of the login, and of a new app. */
  readonly scopes?: readonly string[];
  /** Whether the system is to renew logins from time to time. */
  readonly keep?: boolean;
  /** Whether nothing is asked. */
  readonly isYes: boolean;
}

/**
 * Reads the flags of `setup`.
 *
 * @throws UsageError for what cannot be read, or contradicts itself.
 */
export function readSetupFlags(flags: Readonly<Record<string, string | true>>): SetupFlags {
  const { brand, scope, client } = flags;
  const read = readBrand(brand);
  if (flags.keep === true && flags["no-keep"] === true) {
    throw new UsageError({
      en: "--keep and --no-keep contradict each other",
      zh: "--keep 与 --no-keep 互相矛盾",
    });
  }
  const appId = flags["app-id"];
  return {
    ...(read === undefined ? {} : { brand: read }),
    ...(typeof appId === "string" ? { appId } : {}),
    ...(typeof client === "string" ? { client } : {}),
    ...(typeof scope === "string" ? { scopes: readScopes(scope) } : {}),
    ...(flags.keep === true ? { keep: true } : flags["no-keep"] === true ? { keep: false } : {}),
    isNewApp: flags["new-app"] === true,
    isYes: flags.yes === true,
  };
}
