import type { Config, ConfigReading } from "../../config.ts";
import { type SettingOrigin, SettingReader, type SettingSources } from "../../setting_reader.ts";
import { setting, settingNames } from "../../settings.ts";
import { type Check, fail, ok, warn } from "./check.ts";

const NAME = "configuration";
const ORIGINS: readonly SettingOrigin[] = ["flag", "environment", "env file"];

/**
 * Which settings are set and where; never to what.
 *
 * @param problems what was wrong with the env files.
 */
export function checkConfiguration(
  sources: SettingSources,
  problems: readonly string[],
  reading: ConfigReading,
): Check[] {
  const wrong = [...problems, ...(reading.ok ? [] : reading.problems)];
  if (wrong.length > 0) {
    return wrong.map((problem) => fail(NAME, problem, "`feishu-token-mcp --help` lists every setting."));
  }
  const found = ok(NAME, originsOf(sources));
  return reading.ok ? [found, ...contradictions(reading.config)] : [found];
}

function originsOf(sources: SettingSources): string {
  const read = new SettingReader(sources);
  const names = settingNames();
  const parts = ORIGINS.flatMap((origin) => {
    const set = names.filter((name) => read.origin(name) === origin)
      .map((name) => origin === "flag" ? `--${setting(name).flag}` : setting(name).variable);
    return set.length === 0
      ? []
      : [`${set.join(", ")} from ${origin === "flag" ? "the command line" : `the ${origin}`}`];
  });
  const defaults = names.filter((name) => read.origin(name) === undefined).length;
  return [...parts, `${defaults} settings by default`].join("; ");
}

function contradictions({ warnings, credentials, baseUrl }: Config): Check[] {
  const ignored = credentials.kind === "incomplete" ? [] : warnings;
  return [
    ...ignored.map((warning) =>
      warn(NAME, warning, "Unset what does not count, or start without the sandbox.")
    ),
    ...foreignHost(credentials, baseUrl),
  ];
}

/** Each brand's own hosts know nothing of the other's apps. */
function foreignHost(credentials: Config["credentials"], baseUrl: string | undefined): Check[] {
  if (credentials.kind !== "complete" || baseUrl === undefined) return [];
  const { hostname } = new URL(baseUrl);
  const host = /(^|\.)feishu\.cn$/.test(hostname)
    ? "feishu"
    : /(^|\.)larksuite\.com$/.test(hostname)
    ? "lark"
    : null;
  const { brand } = credentials.credentials;
  if (host === null || host === brand) return [];
  return [warn(
    NAME,
    `FEISHU_BRAND is ${brand}, and FEISHU_BASE_URL names a host of ${host}`,
    `Set FEISHU_BRAND=${host}, or unset FEISHU_BASE_URL.`,
  )];
}
