import { joinPhrases } from "../../errors/join_phrases.ts";
import type { Phrase } from "../../errors/language.ts";
import type { Config, ConfigReading } from "../../config.ts";
import { type SettingOrigin, SettingReader, type SettingSources } from "../../setting_reader.ts";
import { setting, type SettingName, settingNames } from "../../settings.ts";
import { type Check, fail, ok, warn } from "./check.ts";

const CONFIGURATION_CHECK = "configuration";
const SEE_HELP: Phrase = {
  en: "`feishu-token-mcp --help` lists every setting.",
  zh: "`feishu-token-mcp --help` 会列出所有设置。",
};
const CORRECT_SETTING: Phrase = { en: "Correct it where it is set.", zh: "请在设置它的地方更正。" };
const UNSET_IT: Phrase = {
  en: "Unset what is ignored, or start without the sandbox.",
  zh: "请去掉被忽略的设置，或不使用沙箱启动。",
};
const ORIGINS: Readonly<Record<SettingOrigin, Phrase>> = {
  flag: { en: "the command line", zh: "命令行" },
  environment: { en: "the environment", zh: "环境变量" },
  "env file": { en: "the env file", zh: " env 文件" },
};

/**
 * Names the settings that are set, and where; never their values.
 *
 * @param problems those of the env files.
 */
export function checkConfiguration(
  sources: SettingSources,
  problems: readonly Phrase[],
  reading: ConfigReading,
): Check[] {
  const wrong = [...problems, ...(reading.ok ? [] : reading.problems)];
  if (wrong.length > 0) {
    return wrong.map((problem) => fail(CONFIGURATION_CHECK, problem, SEE_HELP));
  }
  const found = ok(CONFIGURATION_CHECK, originsOf(sources));
  return reading.ok ? [found, ...contradictions(reading.config)] : [found];
}

function originsOf(sources: SettingSources): Phrase {
  const read = new SettingReader(sources);
  const names = settingNames();
  const parts = Object.entries(ORIGINS).flatMap(([origin, place]): Phrase[] => {
    const set = names.filter((name) => read.origin(name) === origin && !isInFile(read, name))
      .map((name) => origin === "flag" ? `--${setting(name).flag}` : setting(name).variable);
    if (set.length === 0) return [];
    return [{ en: `${set.join(", ")} from ${place.en}`, zh: `${set.join("、")} 来自${place.zh}` }];
  });
  const defaults = names.filter((name) => read.origin(name) === undefined || isInFile(read, name)).length;
  return joinPhrases([...parts, {
    en: `${defaults} settings at their defaults`,
    zh: `其余 ${defaults} 项为默认值`,
  }]);
}

/** Whether the value comes from a file: the setting that names the file is listed instead. */
function isInFile(read: SettingReader, name: SettingName): boolean {
  const { variable } = setting(name);
  return variable !== undefined && read.setBy(name) === `${variable}_FILE`;
}

function contradictions({ warnings, credentials, baseUrl, sandbox }: Config): Check[] {
  // Problems of the credentials, the last warning, are shown by their own check.
  const told: Phrase[] = credentials.kind === "incomplete" || credentials.kind === "malformed"
    ? warnings.slice(0, -1)
    : [...warnings];
  const advice = sandbox.kind === "none" ? CORRECT_SETTING : UNSET_IT;
  return [
    ...told.map((warning) => warn(CONFIGURATION_CHECK, warning, advice)),
    ...foreignHost(credentials, baseUrl),
  ];
}

/** The base URL is a host of the brand that did not issue the app: it does not know the app. */
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
  return [warn(CONFIGURATION_CHECK, {
    en: `FEISHU_BRAND is ${brand}, and FEISHU_BASE_URL names a host of ${host}`,
    zh: `FEISHU_BRAND 为 ${brand}，而 FEISHU_BASE_URL 指向 ${host} 的域名`,
  }, {
    en: `Set FEISHU_BRAND=${host}, or unset FEISHU_BASE_URL.`,
    zh: `请设置 FEISHU_BRAND=${host}，或去掉 FEISHU_BASE_URL。`,
  })];
}
