import type { Phrase } from "./errors/language.ts";
import { listed } from "./errors/listed.ts";
import { type BaseUrl, readBaseUrl } from "./feishu/hosts.ts";
import { verbatim } from "./errors/verbatim.ts";
import { SECRET_FILES, setting, type SettingName } from "./settings.ts";
import { unquoted } from "./credentials/unquoted.ts";

/** Value of the variable `<NAME>_PORT` that Kubernetes sets for a Service and Docker for a link. */
const SERVICE_ADDRESS = /^(?:tcp|udp|sctp):\/\//i;
/** Settings whose variables may hold such an address. */
const PORTS: readonly SettingName[] = ["port", "platformPort"];

/** Longest value that is shown: a value may be a secret in the wrong place, and every app secret is longer. */
const SHOWN_CHARACTERS = 12;

/** Where the values of settings come from. */
export interface SettingSources {
  /** Given on the command line; `true` for a switch. */
  readonly flags: Partial<Readonly<Record<SettingName, string | true>>>;
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** Variables of the env files. */
  readonly file: Readonly<Record<string, string>>;
  /** Contents of the files that hold a secret, by the setting of the secret. */
  readonly secrets?: Partial<Readonly<Record<SettingName, string>>> | undefined;
}

/** The source of a value. */
export type SettingOrigin = "flag" | "environment" | "env file";

interface Found {
  readonly value: string;
  /** Flag or variable. */
  readonly from: string;
  readonly origin: SettingOrigin;
}

/**
 * Reads settings. Flags override the environment, which overrides the env file; a secret may come from a file of its
 * own, which overrides nothing. A blank value counts as not set;
 * blanks and one pair of quotation marks around a value are removed. A value that cannot be read becomes a problem
 * and counts as not set.
 */
export class SettingReader {
  /** Values that could not be read, in the order in which they were asked for, one line each. Never holds a secret. */
  readonly problems: Phrase[] = [];
  readonly #sources: SettingSources;
  /** By flag or variable, since a setting is read more than once. */
  readonly #warnings = new Map<string, Phrase>();

  /** Reads from `sources`. */
  constructor(sources: SettingSources) {
    this.#sources = sources;
  }

  /** What was ignored or removed in the values that were asked for. Never holds a value. */
  get warnings(): readonly Phrase[] {
    return [...this.#warnings.values()];
  }

  /** Whether the switch was given. */
  isOn(name: SettingName): boolean {
    return this.#sources.flags[name] === true;
  }

  /** The value, wherever it is set. */
  text(name: SettingName): string | undefined {
    return this.#find(name)?.value;
  }

  /** The value on the command line alone. */
  flag(name: SettingName): string | undefined {
    return unquoted(trimmed(this.#sources.flags[name]) ?? "") || undefined;
  }

  /** The flag or variable that sets it, `--port` for instance; `undefined` where it is not set. */
  setBy(name: SettingName): string | undefined {
    return this.#find(name)?.from;
  }

  /** The source that sets it; `undefined` where it is not set. */
  origin(name: SettingName): SettingOrigin | undefined {
    return this.#sources.flags[name] === true ? "flag" : this.#find(name)?.origin;
  }

  /** One of `allowed`, in any case. */
  oneOf<T extends string>(name: SettingName, allowed: readonly T[]): T | undefined {
    const found = this.#find(name);
    if (found === undefined) return undefined;
    const known = allowed.find((each) => each === found.value.toLowerCase());
    if (known === undefined) {
      this.#refuse(found, {
        en: `must be ${listed(allowed, ", ", " or ")}`,
        zh: `必须是 ${listed(allowed, "、", " 或 ")}`,
      });
    }
    return known;
  }

  /** A TCP port, or 0. */
  port(name: SettingName): number | undefined {
    const found = this.#find(name);
    if (found === undefined) return undefined;
    if (/^\d{1,5}$/.test(found.value) && Number(found.value) <= 65_535) return Number(found.value);
    this.#refuse(found, { en: "must be a port from 0 to 65535", zh: "必须是 0 到 65535 之间的端口" });
    return undefined;
  }

  /** {@linkcode SettingReader.items} that must all pass `isItem`. `rule` completes a sentence about all of them. */
  list(name: SettingName, isItem: (item: string) => boolean, rule: Phrase): readonly string[] {
    const found = this.#find(name);
    const items = this.items(name);
    if (found !== undefined && !items.every(isItem)) {
      this.problems.push({ en: `${found.from} ${rule.en}`, zh: `${found.from} ${rule.zh}` });
    }
    return items;
  }

  /** Items separated by commas, in lower case, without blank ones. */
  items(name: SettingName): readonly string[] {
    return (this.#find(name)?.value ?? "").split(",").map((item) => item.trim().toLowerCase())
      .filter((item) => item !== "");
  }

  /** Refuses the item at `index`. `rule` completes a sentence about all items. */
  refuseItem(name: SettingName, index: number, rule: Phrase): void {
    const found = this.#find(name);
    const item = this.items(name)[index];
    if (found === undefined || item === undefined) return;
    const is = shownItem(item);
    this.problems.push({
      en: `${found.from} ${rule.en}; entry ${index + 1} is ${is.en}`,
      zh: `${found.from} ${rule.zh}；第 ${index + 1} 项是 ${is.zh}`,
    });
  }

  /** A base URL of Feishu's API. */
  baseUrl(name: SettingName): Extract<BaseUrl, { readonly ok: true }> | undefined {
    const found = this.#find(name);
    if (found === undefined) return undefined;
    const reading = readBaseUrl(found.value);
    if (reading.ok) return reading;
    const { en, zh } = reading.problem;
    this.problems.push({ en: `${found.from}: ${en}`, zh: `${found.from}：${zh}` });
    return undefined;
  }

  /** Refuses every secret that is set in two ways: which of the two is the right one, nobody can tell. */
  refuseTwofold(): void {
    for (const [name, fileName] of SECRET_FILES) {
      const file = this.#find(fileName);
      const found = this.#find(name);
      if (file === undefined || found === undefined || found.from === file.from) continue;
      this.problems.push({
        en: `${found.from} and ${file.from} are both set: unset one of them`,
        zh: `${found.from} 和 ${file.from} 不能同时设置：请去掉其中一个`,
      });
    }
  }

  #find(name: SettingName): Found | undefined {
    return this.#findGiven(name) ?? this.#findInFile(name);
  }

  /** The secret in the file that the setting of the file names. */
  #findInFile(name: SettingName): Found | undefined {
    const [, fileName] = SECRET_FILES.find(([secret]) => secret === name) ?? [];
    const file = fileName && this.#findGiven(fileName);
    const value = file && this.#read(this.#sources.secrets?.[name], file.from);
    return file && value !== undefined ? { ...file, value } : undefined;
  }

  #findGiven(name: SettingName): Found | undefined {
    const { flags, env, file } = this.#sources;
    const { flag, variable } = setting(name);
    if (flag !== undefined) {
      const given = this.#read(flags[name], `--${flag}`);
      if (given !== undefined) return { value: given, from: `--${flag}`, origin: "flag" };
    }
    if (variable === undefined) return undefined;
    const sources = [["environment", env(variable)], ["env file", file[variable]]] as const;
    for (const [origin, text] of sources) {
      const value = this.#read(text, variable);
      if (value === undefined) continue;
      if (!PORTS.includes(name) || !SERVICE_ADDRESS.test(value)) return { value, from: variable, origin };
      this.#warnings.set(`${variable} in the ${origin}`, {
        en:
          `${variable} holds an address, as Kubernetes sets it for a Service of that name, and no port: it is ignored; ` +
          "rename the Service, or set enableServiceLinks: false",
        zh:
          `已忽略 ${variable}：它是 Kubernetes 为同名 Service 注入的地址，而不是端口；请为该 Service 改名，` +
          "或设置 enableServiceLinks: false",
      });
    }
    return undefined;
  }

  /** `given` without blanks and quotation marks around it; `undefined` where nothing is left. */
  #read(given: string | true | undefined, from: string): string | undefined {
    const text = trimmed(given);
    if (text === undefined) return undefined;
    const value = unquoted(text);
    if (value === text) return text;
    this.#warnings.set(from, {
      en: `${from}: the quotation marks around the value were removed; write it without them`,
      zh: `${from}：已去掉值两端的引号，请直接写值，不要加引号`,
    });
    return value === "" ? undefined : value;
  }

  #refuse({ value, from }: Found, rule: Phrase): void {
    const is = shown(value);
    this.problems.push({ en: `${from} ${rule.en}, not ${is.en}`, zh: `${from} ${rule.zh}，${is.zh}` });
  }
}

function trimmed(value: string | true | undefined): string | undefined {
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : text;
}

/** Scheme and host of a URL. What follows may be a secret. */
const START_OF_URL = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._*-]{1,60}(?::\d{1,5})?(?=[/?#]|$)/;

function shownItem(item: string): Phrase {
  if (isShowable(item)) return verbatim(JSON.stringify(item));
  const [start = ""] = START_OF_URL.exec(item) ?? [];
  // An app secret is one long run of letters and digits.
  if (start === "" || /[a-z0-9]{20}/.test(start) && /\d/.test(start)) {
    return { en: `${item.length} characters long`, zh: `${item.length} 个字符` };
  }
  return verbatim(JSON.stringify(start === item ? item : `${start}…`));
}

/** Short items, and IP addresses of any length. */
function isShowable(item: string): boolean {
  return item.length <= SHOWN_CHARACTERS ||
    (item.length <= 50 && /^[0-9a-f]*[.:][0-9a-f.:/%[\]]+$/.test(item));
}

/** The value, or of a long one only its length: it may be a secret in the wrong place. */
function shown(value: string): Phrase {
  if (value.length > SHOWN_CHARACTERS) {
    return { en: `the ${value.length} characters it has`, zh: `而不是现有的 ${value.length} 个字符` };
  }
  const quoted = JSON.stringify(value);
  return { en: quoted, zh: `而不是 ${quoted}` };
}
