import type { Platform } from "../../compose.ts";
import { readAnswerBody } from "../../feishu/answer_body.ts";
import type { Hosts } from "../../feishu/hosts.ts";
import { readCode } from "../../feishu/lenient_fields.ts";
import { send, type Unanswered } from "../../feishu/send.ts";
import type { WireAnswer } from "../../feishu/wire.ts";
import type { Brand } from "../../ports/feishu.ts";
import { VERSION } from "../../version.ts";
import { type Check, fail, ok, skip, warn } from "./check.ts";
import { type EffectiveProxy, effectiveProxy } from "./check_way.ts";

const TIMEOUT_MS = 10_000;
const CLOCK_WARN_S = 60;
const CLOCK_FAIL_S = 300;

/** Which Feishu to ask. */
export interface ReachOptions {
  /** Everything real. */
  readonly platform: Platform;
  /** Where Feishu is. */
  readonly hosts: Hosts;
  /** Whose host to ask. */
  readonly brand: Brand;
  /** Whether it is a simulated one, whose clock may have been advanced on purpose. */
  readonly isSandbox: boolean;
}

/** What was found of Feishu's host. */
export interface Reach {
  /** Of the host and of its clock. */
  readonly checks: readonly Check[];
  /** Whether Feishu itself answered, so that it is worth asking more. */
  readonly isFeishu: boolean;
}

/** Asks Feishu's host once, without credentials: whether it answers, and by what clock. */
export async function checkReach(options: ReachOptions): Promise<Reach> {
  const { platform, hosts, brand } = options;
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
      checks: [fail("feishu", answer.detail.en, nextStep), skip("clock", "Feishu did not answer")],
      isFeishu: false,
    };
  }
  const feishu = readAnswer(answer, url);
  return { checks: [feishu, checkClock(answer, options)], isFeishu: feishu.status === "ok" };
}

/** Goes by the details that `send` puts into words; the ones about certificates say themselves what to do. */
function adviceFor(answer: Unanswered, url: string, proxy: EffectiveProxy | undefined): string {
  const { detail: { en: detail }, sent } = answer;
  const { host, hostname } = new URL(url);
  if (detail.includes("--allow-net")) return "Start it by its task, with -P=serve, or as the binary.";
  if (detail.includes("certificate")) {
    return "Somebody on the way shows a certificate of their own: a company's proxy, or an attacker.";
  }
  if (proxy !== undefined) {
    return `Check that the proxy ${proxy.address} (${proxy.variable}) runs and lets ${host} through, or add ` +
      `${hostname} to NO_PROXY.`;
  }
  if (detail.startsWith("no address")) {
    return "Check the network and its name server; where only a proxy leads out, set HTTPS_PROXY.";
  }
  if (sent) return "Something between here and there cuts connections: check firewall and VPN.";
  return "Check the network and the firewall; where only a proxy leads out, set HTTPS_PROXY.";
}

function readAnswer(answer: WireAnswer, url: string): Check {
  const { host, protocol } = new URL(url);
  const { status, sentAtMs, receivedAtMs } = answer;
  const code = readCode(readAnswerBody(answer.text).fields.code);
  const tookMs = Math.max(0, receivedAtMs - sentAtMs);
  if (status >= 500) {
    return fail(
      "feishu",
      `${host} answers HTTP ${status}`,
      "Try again later; a proxy may be the one that answers so.",
    );
  }
  const layers = protocol === "https:" ? "name, connection, TLS and HTTP work" : "plain HTTP on this machine";
  if (code !== undefined) return ok("feishu", `${host} answered in ${tookMs} ms: ${layers}`);
  return fail(
    "feishu",
    `what answers for ${host} is not Feishu (HTTP ${status})`,
    "Look for a captive portal or a proxy that rewrites answers, or correct FEISHU_BASE_URL.",
  );
}

/** The machine's own clock, not a sandbox's: it is the machine that is looked at. */
function checkClock({ headers, sentAtMs, receivedAtMs }: WireAnswer, { isSandbox }: ReachOptions): Check {
  const theirsMs = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(theirsMs)) return skip("clock", "the answer has no date");
  const offS = Math.round((sentAtMs + (receivedAtMs - sentAtMs) / 2 - theirsMs) / 1000);
  const sizeS = Math.abs(offS);
  // A date has whole seconds, and an answer takes its time.
  if (sizeS <= 2) return ok("clock", "as Feishu's");
  const found = `${sizeS} s ${offS > 0 ? "ahead of" : "behind"} Feishu's`;
  if (sizeS <= CLOCK_WARN_S) return ok("clock", found);
  const nextStep = isSandbox
    ? "If the sandbox was aged on purpose, nothing: a server with --sandbox-url follows it. Else set this machine's clock."
    : "Set this machine's clock by the network (NTP): by a wrong one, tokens are taken for good that have expired.";
  return (sizeS > CLOCK_FAIL_S ? fail : warn)("clock", found, nextStep);
}
