import type { Phrase } from "./errors/language.ts";
import { listed } from "./listed.ts";
import { readBaseUrl } from "./feishu/hosts.ts";
import { verbatim } from "./errors/verbatim.ts";
import { setting, type SettingName } from "./settings.ts";

/** Of a value that may be a secret in the wrong place. No app secret is as short. */
const SHOWN_CHARACTERS = 12;

/** Where the values of settings come from. */
export interface SettingSources {
  /** Flags given, by setting; `true` for a switch. */
  readonly flags: Partial<Readonly<Record<SettingName, string | true>>>;
  /** Reads one environment variable. */
  readonly env: (name: string) => string | undefined;
  /** Variables of the env file. */
  readonly file: Readonly<Record<string, string>>;
}

/** Which of the sources a value came from. */
export type SettingOrigin = "flag" | "environment" | "env file";

/** A value, the flag or variable that it was found under, and where. */
interface Found {
  readonly value: string;
  readonly from: string;
  readonly origin: SettingOrigin;
}

/**
 * Reads settings: flags over environment over file; blank counts as not set, blanks around a value are cut. What cannot be
 * read is collected as a problem, one line each, and read as its default.
 */
export class SettingReader {
  /** Everything that could not be read, in the order it was asked for. Never holds a secret. */
  readonly problems: Phrase[] = [];
  readonly #sources: SettingSources;

  /** Reads from `sources`. */
  constructor(sources: SettingSources) {
    this.#sources = sources;
  }

  /** Whether the switch was given. */
  isOn(name: SettingName): boolean {
    return this.#sources.flags[name] === true;
  }

  /** The value, wherever it is set. */
  text(name: SettingName): string | undefined {
    return this.#find(name)?.value;
  }

  /** The value given on the command line, whatever environment and file say. */
  flag(name: SettingName): string | undefined {
    return trimmed(this.#sources.flags[name]);
  }

  /** How the user set it: `--port` or `FEISHU_TOKEN_PORT`; `undefined` where it is not set. */
  setBy(name: SettingName): string | undefined {
    return this.#find(name)?.from;
  }

  /** Which source it is set in; `undefined` where it is not set. */
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

  /** A TCP port; 0 stands for any. */
  port(name: SettingName): number | undefined {
    const found = this.#find(name);
    if (found === undefined) return undefined;
    if (/^\d{1,5}$/.test(found.value) && Number(found.value) <= 65_535) return Number(found.value);
    this.#refuse(found, { en: "must be a port from 0 to 65535", zh: "必须是 0 到 65535 之间的端口" });
    return undefined;
  }

  /** Items parted by commas, in lower case, blank ones left out. `rule` is the end of a sentence about all of them. */
  list(name: SettingName, isItem: (item: string) => boolean, rule: Phrase): readonly string[] {
    const found = this.#find(name);
    const items = this.items(name);
    if (found !== undefined && !items.every(isItem)) {
      this.problems.push({ en: `${found.from} ${rule.en}`, zh: `${found.from} ${rule.zh}` });
    }
    return items;
  }

  /** Items separated by commas, in lower case, blank ones left out, whatever they are. */
  items(name: SettingName): readonly string[] {
    return (this.#find(name)?.value ?? "").split(",").map((item) => item.trim().toLowerCase())
      .filter((item) => item !== "");
  }

  /** Refuses the item at `index` of a list. `rule` is the end of a sentence about all items. */
  refuseItem(name: SettingName, index: number, rule: Phrase): void {
    const found = this.#find(name);
    const item = this.items(name)[index];
    if (found === undefined || item === undefined) return;
    const is = isShowable(item)
      ? verbatim(JSON.stringify(item))
      : { en: `${item.length} characters long`, zh: `${item.length} 个字符` };
    this.problems.push({
      en: `${found.from} ${rule.en}; entry ${index + 1} is ${is.en}`,
      zh: `${found.from} ${rule.zh}；第 ${index + 1} 项是 ${is.zh}`,
    });
  }

  /** A URL that Feishu's API may have, without trailing slash. */
  baseUrl(name: SettingName): string | undefined {
    const found = this.#find(name);
    if (found === undefined) return undefined;
    const reading = readBaseUrl(found.value);
    if (reading.ok) return reading.url;
    const { en, zh } = reading.problem;
    this.problems.push({ en: `${found.from}: ${en}`, zh: `${found.from}：${zh}` });
    return undefined;
  }

  #find(name: SettingName): Found | undefined {
    const { flags, env, file } = this.#sources;
    const { flag, variable } = setting(name);
    const given = trimmed(flags[name]);
    if (flag !== undefined && given !== undefined) return { value: given, from: `--${flag}`, origin: "flag" };
    if (variable === undefined) return undefined;
    const set = trimmed(env(variable));
    if (set !== undefined) return { value: set, from: variable, origin: "environment" };
    const value = trimmed(file[variable]);
    return value === undefined ? undefined : { value, from: variable, origin: "env file" };
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

/** What is written like an address is no secret, however long. */
function isShowable(item: string): boolean {
  return item.length <= SHOWN_CHARACTERS ||
    (item.length <= 50 && /^[0-9a-f]*[.:][0-9a-f.:/%[\]]+$/.test(item));
}

/** A value in the wrong place may be a secret: a long one is not shown at all. */
function shown(value: string): Phrase {
  if (value.length > SHOWN_CHARACTERS) {
    return { en: `the ${value.length} characters it has`, zh: `而不是现有的 ${value.length} 个字符` };
  }
  const quoted = JSON.stringify(value);
  return { en: quoted, zh: `而不是 ${quoted}` };
}
