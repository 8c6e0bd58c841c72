import type { Phrase } from "../../errors/language.ts";
import { type Check, fail, ok, warn } from "./check.ts";
import type { DoctorMachine } from "./doctor_machine.ts";
import { type EffectiveProxy, effectiveProxy, type Env } from "./effective_proxy.ts";

/** Options of {@linkcode checkWay}. */
export interface WayOptions {
  /** Address to reach. */
  readonly url: string;
  /** Names the proxies and the certificate authorities. */
  readonly env: Env;
  /** Connects to the proxy. */
  readonly machine: Pick<DoctorMachine, "knock">;
}

/** Checks what a connection to the address depends on: the proxy and the certificate authorities. */
export async function checkWay(
  { url, env, machine }: WayOptions,
): Promise<[proxy: Check, authorities: Check]> {
  return [await checkProxy(url, env, machine), await checkAuthorities(env)];
}

async function checkProxy(url: string, env: Env, machine: WayOptions["machine"]): Promise<Check> {
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
  if (address === null) {
    return warn("proxy", {
      en: `${variable} names an address that cannot be read`,
      zh: `${variable} 指定的地址无法识别`,
    }, {
      en: `Set ${variable} to an address such as http://127.0.0.1:7890.`,
      zh: `请将 ${variable} 设为 http://127.0.0.1:7890 这样的地址。`,
    });
  }
  const found: Phrase = {
    en: `${address} (${variable}) for ${host}`,
    zh: `访问 ${host} 经过 ${address}（${variable}）`,
  };
  const trouble = await knockAt(address, machine);
  if (trouble === undefined) return ok("proxy", found);
  return fail(
    "proxy",
    { en: `${found.en}: ${trouble.en}`, zh: `${found.zh}：${trouble.zh}` },
    proxyAdvice(proxy, url),
  );
}

/** Why the proxy cannot be used. Without this check it would look as if Feishu were unreachable. */
async function knockAt(address: string, { knock }: WayOptions["machine"]): Promise<Phrase | undefined> {
  const { hostname, port, protocol } = new URL(address);
  switch (
    await knock(hostname.replace(/^\[|\]$/g, ""), port === "" ? PROXY_PORTS[protocol] ?? 80 : Number(port))
  ) {
    case "open":
      return undefined;
    case "unknown":
      return { en: "its name has no address", zh: "无法解析其域名" };
    case "closed":
      return { en: "nothing listens there", zh: "那里没有程序在监听" };
    case "silent":
      return { en: "it does not answer", zh: "没有响应" };
  }
}

const PROXY_PORTS: Readonly<Record<string, number>> = { "https:": 443, "socks5:": 1080, "socks5h:": 1080 };

function proxyAdvice({ variable }: EffectiveProxy, url: string): Phrase {
  const { hostname } = new URL(url);
  return {
    en:
      `Start the proxy, or correct ${variable}; if no proxy is needed, unset it or add ${hostname} to NO_PROXY.`,
    zh: `请启动该代理，或更正 ${variable}；不需要代理时，请取消该变量或将 ${hostname} 加入 NO_PROXY。`,
  };
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

async function isReadable(path: string): Promise<boolean> {
  try {
    await Deno.readFile(path);
    return true;
  } catch {
    return false;
  }
}
