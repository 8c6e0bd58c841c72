import type { Platform } from "../../platform.ts";
import type { Phrase } from "../../errors/language.ts";
import { readAnswerBody } from "../../feishu/answer_body.ts";
import type { Hosts } from "../../feishu/hosts.ts";
import { readCode } from "../../feishu/lenient_fields.ts";
import { send, type Unanswered } from "../../feishu/send.ts";
import type { WireAnswer } from "../../feishu/wire.ts";
import type { Brand } from "../../brand.ts";
import { VERSION } from "../../version.ts";
import { type Check, fail, ok, skip, warn } from "./check.ts";
import { type EffectiveProxy, effectiveProxy } from "./effective_proxy.ts";

const TIMEOUT_MS = 10_000;
const CLOCK_WARN_S = 60;
const CLOCK_FAIL_S = 300;

const GIVE_PERMISSION: Phrase = {
  en: "Start the program by its task, with -P=serve, or as the binary.",
  zh: "请用对应的 deno task、加 -P=serve，或用可执行文件启动。",
};
const AGED_SANDBOX: Phrase = {
  en:
    "Nothing, if the sandbox's clock was advanced on purpose: a server with --sandbox-url follows it. Else set this machine's clock.",
  zh: "如果是有意调快了沙箱的时钟，则无需处理：使用 --sandbox-url 的服务会跟随它。否则请校准本机时钟。",
};
const SET_FAST_CLOCK: Phrase = {
  en: "Set this machine's clock by the network (NTP): else tokens that still work are taken for expired.",
  zh: "请通过网络（NTP）校准本机时钟：否则会把仍有效的令牌当作已过期。",
};
const SET_SLOW_CLOCK: Phrase = {
  en: "Set this machine's clock by the network (NTP): else tokens that have expired are taken for valid.",
  zh: "请通过网络（NTP）校准本机时钟：否则会把已过期的令牌当作有效。",
};

/** Options of {@linkcode checkReach}. */
export interface ReachOptions {
  /** The machine. */
  readonly platform: Platform;
  /** Configured hosts. */
  readonly hosts: Hosts;
  /** Decides which of them is asked. */
  readonly brand: Brand;
  /** Whether Feishu is simulated: its clock may have been advanced on purpose. */
  readonly isSandbox: boolean;
  /** Whether the proxy, if there is one, can be reached. */
  readonly isWayOpen: boolean;
}

/** Result of {@linkcode checkReach}. */
export interface Reach {
  /** Of the host and of the clock. */
  readonly checks: readonly Check[];
  /** Whether it was Feishu that answered, so that further checks make sense. */
  readonly isFeishu: boolean;
}

/** Calls Feishu's host once, without credentials: whether it answers, and what its clock says. */
export async function checkReach(options: ReachOptions): Promise<Reach> {
  const { platform, hosts, brand } = options;
  if (!options.isWayOpen) {
    const why: Phrase = { en: "the proxy cannot be reached", zh: "无法连接代理" };
    return { checks: [skip("feishu", why), skip("clock", why)], isFeishu: false };
  }
  const url = hosts.address(brand, "open", "/open-apis/auth/v3/app_access_token/internal");
  const { fetch, clock, env } = platform;
  const answer = await send({ url, body: {} }, {
    fetch,
    clock,
    hosts,
    version: VERSION,
    timeoutMs: TIMEOUT_MS,
  });
  if (answer.kind === "unanswered") {
    const nextStep = adviceFor(answer, url, effectiveProxy(url, env));
    return {
      checks: [
        fail("feishu", answer.detail, nextStep),
        skip("clock", { en: "Feishu did not answer", zh: "飞书没有响应" }),
      ],
      isFeishu: false,
    };
  }
  const feishu = readAnswer(answer, url);
  return { checks: [feishu, checkClock(answer, options)], isFeishu: feishu.status === "ok" };
}

/** Advice by the details that `send` words. Those about certificates already say what to do. */
function adviceFor(answer: Unanswered, url: string, proxy: EffectiveProxy | undefined): Phrase {
  const { detail: { en: detail }, sent } = answer;
  const { host, hostname } = new URL(url);
  if (detail.includes("--allow-net")) return GIVE_PERMISSION;
  if (detail.includes("certificate")) {
    return {
      en:
        "Something between here and Feishu presents a certificate of its own: a company's proxy, or an attacker.",
      zh: "途中有设备出示了自己的证书：可能是公司的代理，也可能是攻击者。",
    };
  }
  if (proxy !== undefined) {
    const { address, variable } = proxy;
    return {
      en: `Check that the proxy ${address ?? "named"} (${variable}) runs and allows ${host}, or add ` +
        `${hostname} to NO_PROXY.`,
      zh: `请检查代理 ${
        address ?? ""
      }（${variable}）是否在运行并允许访问 ${host}，或将 ${hostname} 加入 NO_PROXY。`,
    };
  }
  if (detail.startsWith("no address")) {
    return {
      en:
        "Check the network and its DNS server; if the Internet is reached only through a proxy, set HTTPS_PROXY.",
      zh: "请检查网络和 DNS；只能通过代理上网时，请设置 HTTPS_PROXY。",
    };
  }
  if (sent) {
    return {
      en: "Something between here and Feishu cuts connections: check the firewall and the VPN.",
      zh: "途中有设备切断了连接：请检查防火墙和 VPN。",
    };
  }
  return {
    en:
      "Check the network and the firewall; if the Internet is reached only through a proxy, set HTTPS_PROXY.",
    zh: "请检查网络和防火墙；只能通过代理上网时，请设置 HTTPS_PROXY。",
  };
}

function readAnswer(answer: WireAnswer, url: string): Check {
  const { host, protocol } = new URL(url);
  const { status, sentAtMs, receivedAtMs } = answer;
  const code = readCode(readAnswerBody(answer.text).fields.code);
  const tookMs = Math.max(0, receivedAtMs - sentAtMs);
  if (status >= 500) {
    return fail("feishu", { en: `${host} answers HTTP ${status}`, zh: `${host} 返回 HTTP ${status}` }, {
      en: "Try again later; the answer may also come from a proxy.",
      zh: "请稍后重试；这个响应也可能来自代理。",
    });
  }
  if (code !== undefined) {
    const layers: Phrase = protocol === "https:"
      ? { en: "name, connection, TLS and HTTP work", zh: "域名解析、连接、TLS 和 HTTP 均正常" }
      : { en: "plain HTTP on this machine", zh: "本机上的 HTTP" };
    return ok("feishu", {
      en: `${host} answered in ${tookMs} ms: ${layers.en}`,
      zh: `${host} 在 ${tookMs} 毫秒内响应：${layers.zh}`,
    });
  }
  return fail("feishu", {
    en: `what answers for ${host} is not Feishu (HTTP ${status})`,
    zh: `以 ${host} 之名响应的不是飞书（HTTP ${status}）`,
  }, {
    en: "Look for a captive portal or a proxy that rewrites answers, or correct FEISHU_BASE_URL.",
    zh: "请检查是否有网络登录页或改写响应的代理，或更正 FEISHU_BASE_URL。",
  });
}

/** Compares the machine's own clock, not the one that a sandbox moves, with Feishu's. */
function checkClock({ headers, sentAtMs, receivedAtMs }: WireAnswer, { isSandbox }: ReachOptions): Check {
  const theirsMs = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(theirsMs)) return skip("clock", { en: "the answer has no date", zh: "响应中没有日期" });
  const offS = Math.round((sentAtMs + (receivedAtMs - sentAtMs) / 2 - theirsMs) / 1000);
  const sizeS = Math.abs(offS);
  // The header has whole seconds, and the answer has been on its way.
  if (sizeS <= 2) return ok("clock", { en: "agrees with Feishu's", zh: "与飞书一致" });
  const found: Phrase = {
    en: `${sizeS} s ${offS > 0 ? "ahead of" : "behind"} Feishu's`,
    zh: `比飞书${offS > 0 ? "快" : "慢"} ${sizeS} 秒`,
  };
  if (sizeS <= CLOCK_WARN_S) return ok("clock", found);
  const nextStep = isSandbox ? AGED_SANDBOX : offS > 0 ? SET_FAST_CLOCK : SET_SLOW_CLOCK;
  return (sizeS > CLOCK_FAIL_S ? fail : warn)("clock", found, nextStep);
}
