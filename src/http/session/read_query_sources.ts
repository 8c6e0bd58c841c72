import type { Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";
import { readConfigParameter } from "./read_config_parameter.ts";
import { type SessionPart, sessionPart } from "./session_part.ts";
import { readSource, type SessionPlace, type SessionSource, type SessionValue } from "./session_source.ts";

const QUERY: SessionPlace = {
  label: { en: "the query", zh: "查询参数" },
  names: { app_id: "app_id", app_secret: "app_secret", brand: "brand" },
};
const CONFIG: SessionPlace = {
  label: { en: "the config parameter", zh: "config 参数" },
  names: QUERY.names,
};
const DOTTED: SessionPlace = {
  label: { en: "the dotted parameters", zh: "带点号的查询参数" },
  names: { app_id: "config.app_id", app_secret: "config.app_secret", brand: "config.brand" },
};

/** `config.app_id`, `feishu.appSecret`, and the same in brackets: `config[app_id]`. */
const DOTTED_NAME = /^(?:config|feishu)(?:\.(\w+)|\[(\w+)\])$/;

/** The credentials in the query of a request. */
export interface QueryReading {
  /** By precedence, the first before the others. */
  readonly sources: readonly SessionSource[];
  /** Names of the parameters that hold an app secret, or may. */
  readonly secretNames: readonly string[];
}

/** Reads the app credentials in a query, in each of the forms that clients use. It ignores all other parameters. */
export function readQuerySources(query: string, problems: Phrase[]): QueryReading {
  const plain: SessionValue[] = [];
  const dotted: SessionValue[] = [];
  const configs: string[] = [];
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === "config") {
      if (value.trim() !== "") configs.push(value.trim());
      continue;
    }
    const part = sessionPart(name);
    if (part !== undefined) plain.push({ part, name: verbatim(name), value });
    const match = DOTTED_NAME.exec(name);
    const dottedPart = sessionPart(match?.[1] ?? match?.[2] ?? "");
    if (dottedPart !== undefined) {
      dotted.push({ part: dottedPart, name: verbatim(name), value: unquoted(value) });
    }
  }
  const sources = [
    readSource(QUERY, plain, problems),
    readSource(CONFIG, configValues(configs, problems), problems),
    readSource(DOTTED, dotted, problems),
  ];
  const holding = [...plain, ...dotted].filter(({ part, value }) =>
    part === "app_secret" && String(value).trim() !== ""
  );
  return {
    sources,
    secretNames: [...holding.map(({ name }) => name.en), ...(configs.length > 0 ? ["config"] : [])],
  };
}

function configValues(configs: readonly string[], problems: Phrase[]): SessionValue[] {
  if (configs.length > 1) problems.push({ en: "config must be given once", zh: "config 只能出现一次" });
  const [text] = configs;
  if (text === undefined) return [];
  const reading = readConfigParameter(text);
  if (!reading.ok) {
    problems.push(...reading.problems);
    return [];
  }
  return Object.entries(reading.config).flatMap(([name, value]) => {
    const part: SessionPart | undefined = sessionPart(name);
    return part === undefined
      ? []
      : [{ part, name: { en: `${name} in config`, zh: `config 中的 ${name}` }, value }];
  });
}

/** Platforms write the values of dotted parameters as JSON, where a string has quotes. */
function unquoted(value: string): string {
  if (!/^".*"$/s.test(value)) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}
