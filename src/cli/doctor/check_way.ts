import type { Phrase } from "../../errors/language.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** Reads one environment variable. */
export type Env = (name: string) => string | undefined;

/** The proxy that a request goes through. */
export interface EffectiveProxy {
  /** The variable that names it. */
  readonly variable: string;
  /** Scheme, host and port, without the user name and password that may stand beside them; `null` if it cannot be read. */
  readonly address: string | null;
}

/**
 * The proxy between here and `url` by the rules of Deno's `fetch`, as measured on 2.9.6: `ALL_PROXY` goes before that of
 * the scheme, capital letters before small ones; `NO_PROXY` exempts a name and everything below it.
 */
export function effectiveProxy(url: string, env: Env): EffectiveProxy | undefined {
  const { protocol, hostname } = new URL(url);
  if (isExempt(hostname, env)) return undefined;
  const own = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  for (const variable of ["ALL_PROXY", "all_proxy", own, own.toLowerCase()]) {
    const value = env(variable);
    if (value) return { variable, address: addressOf(value) };
  }
  return undefined;
}

/** The way to `url`, and whom it trusts there. */
export async function checkWay(url: string, env: Env): Promise<Check[]> {
  return [checkProxy(url, env), await checkAuthorities(env)];
}

function checkProxy(url: string, env: Env): Check {
  const { host } = new URL(url);
  const proxy = effectiveProxy(url, env);
  const isSet = ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"].some((name) =>
    env(name) || env(name.toLowerCase())
  );
  if (proxy === undefined) {
    if (!isSet) return ok("proxy", { en: "none", zh: "无" });
    return ok("proxy", { en: `none for ${host}`, zh: `访问 ${host} 不经过代理` });
  }
  const { variable, address } = proxy;
  if (address !== null) {
    return ok("proxy", {
      en: `${address} (${variable}) for ${host}`,
      zh: `访问 ${host} 经过 ${address}（${variable}）`,
    });
  }
  return warn("proxy", {
    en: `${variable} names an address that cannot be read`,
    zh: `${variable} 指定的地址无法识别`,
  }, {
    en: `Set ${variable} to an address such as http://127.0.0.1:7890.`,
    zh: `请将 ${variable} 设为 http://127.0.0.1:7890 这样的地址。`,
  });
}

async function checkAuthorities(env: Env): Promise<Check> {
  const file = env("DENO_CERT") || undefined;
  const store = env("DENO_TLS_CA_STORE") || undefined;
  const extra = env("NODE_EXTRA_CA_CERTS") || undefined;
  for (const [variable, path] of [["DENO_CERT", file], ["NODE_EXTRA_CA_CERTS", extra]] as const) {
    if (path !== undefined && !await isReadable(path)) {
      return fail("certificates", {
        en: `${variable} names a file that cannot be read`,
        zh: `${variable} 指定的文件无法读取`,
      }, { en: `Correct ${variable}, or unset it.`, zh: `请更正 ${variable}，或取消该变量。` });
    }
  }
  const added = [
    ...file === undefined ? [] : ["DENO_CERT"],
    ...extra === undefined ? [] : ["NODE_EXTRA_CA_CERTS"],
  ];
  const own: Phrase = store === undefined
    ? { en: "Deno's own authorities", zh: "Deno 自带的证书颁发机构" }
    : {
      en: `the authorities of ${store} (DENO_TLS_CA_STORE)`,
      zh: `${store} 的证书颁发机构（DENO_TLS_CA_STORE）`,
    };
  if (added.length === 0) return ok("certificates", own);
  return ok("certificates", {
    en: `${own.en}, and those of ${added.join(" and ")}`,
    zh: `${own.zh}，以及 ${added.join(" 和 ")} 指定的机构`,
  });
}

function addressOf(value: string): string | null {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`);
  return url === null || url.host === "" ? null : `${url.protocol}//${url.host}`;
}

function isExempt(hostname: string, env: Env): boolean {
  const exempt = (env("NO_PROXY") ?? env("no_proxy") ?? "").split(",").map((each) =>
    each.trim().replace(/^\./, "")
  );
  return exempt.some((each) =>
    each === "*" || (each !== "" && (hostname === each || hostname.endsWith(`.${each}`)))
  );
}

async function isReadable(path: string): Promise<boolean> {
  try {
    await Deno.readFile(path);
    return true;
  } catch {
    return false;
  }
}
