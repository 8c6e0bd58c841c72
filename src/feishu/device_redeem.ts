import type { DeviceRedeemRequest, FeishuAnswer } from "../ports/feishu.ts";
import type { Hosts } from "./hosts.ts";
import { readAnswerBody } from "./answer_body.ts";
import { readCode, readText } from "./lenient_fields.ts";
import { MAX_DEVICE_INTERVAL_MS, SLOW_DOWN_MS } from "./limits.ts";
import { oauthTokenAddress } from "./oauth_token_address.ts";
import { readLoginAnswer } from "./read_login_answer.ts";
import { readRetryAfterMs } from "./read_retry_after_ms.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** Feishu's code for `slow_down`. */
const TOO_FAST = 20095;

/**
 * Presents a device code once.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.4
 */
export function buildDeviceRedeem(
  hosts: Hosts,
  { endpoint, credentials, deviceCode }: DeviceRedeemRequest,
): WireRequest {
  return {
    url: oauthTokenAddress(hosts, endpoint, credentials.brand),
    body: {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      client_id: credentials.appId,
      client_secret: credentials.appSecret.reveal(),
      device_code: deviceCode.reveal(),
    },
  };
}

/**
 * Reads the answer: the pair, which Feishu issues only once, or the reason why there is none. While the person has not
 * decided, the interval stays as it was; each `slow_down` makes it 5 s longer for the rest of the flow.
 */
export function readDeviceRedeem(
  answer: WireAnswer,
  { deviceCode, intervalMs }: Pick<DeviceRedeemRequest, "deviceCode" | "intervalMs">,
): FeishuAnswer {
  const read = readLoginAnswer(answer, "device", deviceCode);
  if (read.kind !== "refused" || read.refusal.verdict !== "pending") return read;
  const wantedMs = readRetryAfterMs(answer.headers, answer.receivedAtMs) ?? 0;
  const nextMs = isTooFast(answer) ? intervalMs + SLOW_DOWN_MS : intervalMs;
  const retryAfterMs = Math.min(Math.max(nextMs, wantedMs), MAX_DEVICE_INTERVAL_MS);
  return { ...read, refusal: { ...read.refusal, retryAfterMs } };
}

function isTooFast({ text }: WireAnswer): boolean {
  const { code, error } = readAnswerBody(text).fields;
  return readCode(code) === TOO_FAST || readText(error) === "slow_down";
}
