import { defined } from "../defined.ts";
import type { Phrase } from "../errors/language.ts";
import { isLoopbackHost } from "../net/is_loopback_host.ts";
import type { Brand } from "../brand.ts";

/** The two hosts of a brand: `open` serves the API, `accounts` the pages and the newer OAuth endpoints. */
export type HostSide = "open" | "accounts";

const OFFICIAL: Readonly<Record<Brand, Readonly<Record<HostSide, string>>>> = {
  feishu: { open: "https://open.feishu.cn", accounts: "https://accounts.feishu.cn" },
  lark: { open: "https://open.larksuite.com", accounts: "https://accounts.larksuite.com" },
};

/** Feishu's hosts, the only ones that requests may go to. */
export interface Hosts {
  /** The absolute URL of `path`, which starts with a slash. */
  address(brand: Brand, side: HostSide, path: string): string;
  /** Whether a request may go to `url`. */
  allows(url: string): boolean;
}

/** Options of {@linkcode createHosts}. */
export interface HostsOptions {
  /** Replaces every official host: a sandbox, a gateway, a private deployment. */
  readonly baseUrl?: string;
}

/** A base URL without `/open-apis` or a slash at its end, or the reason why the text is none. */
export type BaseUrl =
  | {
    readonly ok: true;
    readonly url: string;
    /** Brand whose official host it is; absent for any other host. */
    readonly brand?: Brand;
  }
  | { readonly ok: false; readonly problem: Phrase };

/**
 * The official hosts of Feishu and Lark, or the one that `baseUrl` names.
 *
 * @throws TypeError when {@linkcode readBaseUrl} refuses `baseUrl`.
 */
export function createHosts({ baseUrl }: HostsOptions = {}): Hosts {
  const configured = baseUrl === undefined ? undefined : mustRead(baseUrl);
  const roots = configured === undefined
    ? Object.values(OFFICIAL).flatMap((sides) => Object.values(sides))
    : [configured];
  const origins = new Set(roots.map((root) => new URL(root).origin));
  return {
    address: (brand, side, path) => `${configured ?? OFFICIAL[brand][side]}${path}`,
    allows: (url) => origins.has(new URL(url).origin),
  };
}

/**
 * Reads a configured base URL: `https`, or `http` on this machine only, with an optional path prefix and nothing else.
 * `/open-apis` at its end is removed: Feishu's own SDKs write it there, and here every path begins with it. The problem
 * never quotes the text, which may hold credentials.
 */
export function readBaseUrl(text: string): BaseUrl {
  const url = URL.parse(text.trim());
  if (url === null) {
    return problem(
      "is not an absolute URL such as https://open.feishu.cn",
      "不是 https://open.feishu.cn 这样的完整 URL",
    );
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return problem("must start with https:// or http://", "必须以 https:// 或 http:// 开头");
  }
  if (url.username !== "" || url.password !== "") {
    return problem("must not contain a user name or a password", "不能包含用户名或密码");
  }
  // `search` and `hash` are empty for a lone "?" or "#", which would still stand in front of every path.
  if (/[?#]/.test(url.href)) {
    return problem("must not contain a query or a fragment", "不能包含查询参数或片段");
  }
  if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) {
    return problem(
      "must start with https://: over http:// the app secret would cross the network unencrypted",
      "必须以 https:// 开头：使用 http:// 时 App Secret 会在网络上明文传输",
    );
  }
  const brand = brandOf(url);
  return {
    ok: true,
    url: url.href.replace(/\/+$/, "").replace(/\/+open-apis$/i, ""),
    ...defined({ brand }),
  };
}

/** On an official host only Feishu's own paths can be meant, whatever path the URL has. */
function brandOf({ origin }: URL): Brand | undefined {
  const brands: readonly Brand[] = ["feishu", "lark"];
  return brands.find((brand) => Object.values(OFFICIAL[brand]).includes(origin));
}

function problem(en: string, zh: string): BaseUrl {
  return { ok: false, problem: { en: `The base URL ${en}`, zh: `API 地址${zh}` } };
}

function mustRead(text: string): string {
  const read = readBaseUrl(text);
  if (!read.ok) throw new TypeError(read.problem.en);
  return read.url;
}
