/** Far above any session's configuration, far below what would take time to read. */
const MAX_CHARACTERS = 8192;
/** The object itself is the first level. */
const MAX_DEPTH = 8;

/** The object that a `config` parameter spells, or every reason why it spells none. */
export type ConfigParameterReading =
  | { readonly ok: true; readonly config: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads the `config` parameter of hosting platforms: a JSON object in base64 or base64url, padded or not. The problems
 * never repeat anything of it.
 */
export function readConfigParameter(text: string): ConfigParameterReading {
  if (text.length > MAX_CHARACTERS) return refused(`config must not exceed ${MAX_CHARACTERS} characters`);
  const bytes = fromBase64(text);
  if (bytes === undefined) return refused("config must be base64 or base64url");
  const value = parse(bytes);
  if (value === undefined) return refused("config must be JSON in UTF-8");
  const problems: string[] = [];
  if (!isObject(value)) problems.push("config must be a JSON object");
  if (isDeeperThan(value, MAX_DEPTH)) {
    problems.push(`config must not be nested deeper than ${MAX_DEPTH} levels`);
  } else if (hasPrototypeKey(value)) problems.push("config must not have a key __proto__");
  return isObject(value) && problems.length === 0 ? { ok: true, config: value } : { ok: false, problems };
}

function refused(problem: string): ConfigParameterReading {
  return { ok: false, problems: [problem] };
}

/** A plus sign that was not escaped arrives as a blank. */
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

/** Never goes further down than `levels`, however deep `value` is. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

function hasPrototypeKey(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "__proto__") || Object.values(value).some(hasPrototypeKey);
}
