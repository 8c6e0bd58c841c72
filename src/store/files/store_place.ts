import { posix, win32 } from "node:path";
import { StartError } from "../../errors/start_error.ts";
import { isOnDenoDeploy } from "../../process/is_on_deno_deploy.ts";
import { expandedPath, readHomeForm } from "./read_home_form.ts";
import type { PlaceOptions } from "./place_options.ts";
import { UnsetVariable } from "./unset_variable.ts";

/** Where the store is. */
export type StorePlace =
  | {
    readonly kind: "file";
    readonly path: string;
    /** Whether the file's folder is this program's own; a folder that the user named keeps its mode. */
    readonly ownFolder?: boolean;
    /** What the user wrote for `path`, where that began with a placeholder for the home directory. */
    readonly literalPath?: string;
  }
  | { readonly kind: "memory" }
  | { readonly kind: "remote"; readonly url: string }
  /** The database that the hosting platform assigned to the app. */
  | { readonly kind: "platform" };

/** A placeholder in a URL, where a percent sign begins an escape and no variable. */
const URL_PLACEHOLDER = /\$\{[^}]*\}?|\$\([^)]*\)?|\{\{[^}]*\}?\}?/;

/** Another scheme, or a host with a port. Taken for a path, it would make a file that nobody meant. */
const LOOKS_LIKE_ADDRESS = /^(?:[a-z][a-z0-9+.-]*:\/\/|[\w.-]+:\d+(?:\/|$))/i;

/**
 * The place of the store: the one that was set, else the platform's database on Deno Deploy, else a file in the
 * user's data directory. A placeholder for the home directory at the beginning of a path is expanded, since the
 * configuration of an MCP client goes through no shell. Pure.
 *
 * @throws StartError when no variable tells where the user's data directory is, and for any other placeholder.
 */
export function resolvePlace(options: PlaceOptions): StorePlace {
  const { kv, os, env } = options;
  if (kv === ":memory:") return { kind: "memory" };
  if (kv !== undefined && /^https?:\/\//i.test(kv)) {
    const [placeholder] = URL_PLACEHOLDER.exec(kv) ?? [];
    if (placeholder !== undefined) throw neverReplaced(placeholder);
    if (!URL.canParse(kv)) throw notAPlace("is not a valid URL", "不是有效的 URL");
    return { kind: "remote", url: kv };
  }
  const written = kv === undefined ? undefined : fileAt(kv, options);
  if (written !== undefined && written.literalPath !== undefined) return written;
  if (kv !== undefined && LOOKS_LIKE_ADDRESS.test(kv)) {
    throw notAPlace(
      "looks like an address and does not begin with http:// or https://",
      "看起来像网络地址，却不以 http:// 或 https:// 开头",
    );
  }
  if (written !== undefined) return written;
  if (isOnDenoDeploy(env)) return { kind: "platform" };
  const path = pathOf(os).join(userDataDirectory(options), options.fileName);
  return { kind: "file", path, ownFolder: true };
}

/**
 * The folder of this program in the user's data directory, by the platform's convention.
 *
 * @throws StartError when the variables that name it are unset.
 */
export function userDataDirectory(options: Pick<PlaceOptions, "os" | "env">): string {
  const { os, env } = options;
  if (os === "windows") {
    const base = env("LOCALAPPDATA") || env("APPDATA");
    if (!base) {
      throw new UnsetVariable("LOCALAPPDATA");
    }
    return win32.join(base, "feishu-token-mcp");
  }
  const xdg = env("XDG_DATA_HOME");
  if (os !== "darwin" && xdg?.startsWith("/")) return posix.join(xdg, "feishu-token-mcp");
  const home = env("HOME");
  if (!home) throw new UnsetVariable("HOME");
  return posix.join(
    home,
    os === "darwin" ? "Library/Application Support" : ".local/share",
    "feishu-token-mcp",
  );
}

function fileAt(kv: string, options: PlaceOptions): Extract<StorePlace, { readonly kind: "file" }> {
  const reading = readHomeForm(kv);
  switch (reading.kind) {
    case "placeholder":
      throw neverReplaced(reading.placeholder);
    case "plain":
      return { kind: "file", path: kv };
    case "home":
      return { kind: "file", path: expandedPath(reading, options), literalPath: kv };
  }
}

function neverReplaced(placeholder: string): StartError {
  return new StartError({
    en: `The place of the token store has ${placeholder} in it, which nothing has replaced`,
    zh: `令牌存储的位置中含有未被替换的 ${placeholder}`,
  }, {
    nextStep: {
      en: "give --kv or FEISHU_TOKEN_KV an absolute path, or one that begins with ~/",
      zh: "请为 --kv 或 FEISHU_TOKEN_KV 指定绝对路径，或以 ~/ 开头的路径",
    },
  });
}

function notAPlace(en: string, zh: string): StartError {
  return new StartError({
    en: `The place of the token store ${en}`,
    zh: `令牌存储的位置${zh}`,
  }, {
    nextStep: {
      en: "correct --kv or FEISHU_TOKEN_KV, for instance https://kv.example.com",
      zh: "请更正 --kv 或 FEISHU_TOKEN_KV，例如 https://kv.example.com",
    },
  });
}

/** The folder that contains `path`, by the rules of `os`. */
export function parentFolder(path: string, os: typeof Deno.build.os): string {
  return pathOf(os).dirname(path);
}

function pathOf(os: typeof Deno.build.os): typeof posix {
  return os === "windows" ? win32 : posix;
}
