import type { Phrase } from "../../errors/language.ts";

/** Longer than any real configuration, and short enough to be read without delay. */
const MAX_PARAMETER_CHARACTERS = 8192;
/** In levels, of which the object itself is the first. */
const MAX_PARAMETER_DEPTH = 8;

/** The object that a `config` parameter encodes, or every reason why it encodes none. */
export type ConfigParameterReading =
  | { readonly ok: true; readonly config: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problems: readonly Phrase[] };

/**
 * Reads the `config` parameter of hosting platforms: a JSON object in base64 or base64url, padded or not. The problems
 * never quote it.
 */
export function readConfigParameter(text: string): ConfigParameterReading {
  if (text.length > MAX_PARAMETER_CHARACTERS) {
    return refused(
      `config must not exceed ${MAX_PARAMETER_CHARACTERS} characters`,
      `config 不能超过 ${MAX_PARAMETER_CHARACTERS} 个字符`,
    );
  }
  const bytes = fromBase64(text);
  if (bytes === undefined) {
    return refused("config must be base64 or base64url", "config 必须是 base64 或 base64url");
  }
  const value = parse(bytes);
  if (value === undefined) {
    return refused("config must be JSON in UTF-8", "config 必须是 UTF-8 编码的 JSON");
  }
  const problems: Phrase[] = [];
  if (!isObject(value)) {
    problems.push({ en: "config must be a JSON object", zh: "config 必须是 JSON 对象" });
  }
  if (isDeeperThan(value, MAX_PARAMETER_DEPTH)) {
    problems.push({
      en: `config must not be nested deeper than ${MAX_PARAMETER_DEPTH} levels`,
      zh: `config 的嵌套不能超过 ${MAX_PARAMETER_DEPTH} 层`,
    });
  } else if (hasPrototypeKey(value)) {
    problems.push({ en: "config must not have a key __proto__", zh: "config 不能包含键 __proto__" });
  }
  return isObject(value) && problems.length === 0 ? { ok: true, config: value } : { ok: false, problems };
}

function refused(en: string, zh: string): ConfigParameterReading {
  return { ok: false, problems: [{ en, zh }] };
}

/** An unescaped plus sign arrives as a blank. */
function fromBase64(text: string): Uint8Array | undefined {
  const urlSafe = text.replaceAll(" ", "-").replaceAll("+", "-").replaceAll("/", "_");
  try {
    return Uint8Array.fromBase64(urlSafe, { alphabet: "base64url" });
  } catch {
    return undefined;
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Looks no deeper than `levels`, so that no `value` exhausts the stack. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

function hasPrototypeKey(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "__proto__") || Object.values(value).some(hasPrototypeKey);
}
