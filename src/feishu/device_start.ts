import { defined } from "../defined.ts";
import type { DeviceStart, DeviceStartAnswer, DeviceStartRequest, ToldInstead } from "../ports/feishu.ts";
import { isLoopbackHost } from "../net/is_loopback_host.ts";
import { Secret } from "../secret.ts";
import { readAnswerBody } from "./answer_body.ts";
import type { Hosts } from "./hosts.ts";
import { type Fields, readFields, readLifetimeMs, readText } from "./lenient_fields.ts";
import {
  DEVICE_DEFAULT_INTERVAL_MS,
  DEVICE_DEFAULT_LIFETIME_MS,
  MAX_DEVICE_INTERVAL_MS,
  MAX_DEVICE_LIFETIME_MS,
} from "./limits.ts";
import { readLogId } from "./read_log_id.ts";
import { readRefusal } from "./read_refusal.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";
import { withOfflineAccess } from "./with_offline_access.ts";

const BLOCKED: ToldInstead = {
  message: {
    en: "A gateway in front of Feishu blocked the request, which happens with some combinations of scopes",
    zh: "请求被飞书的网关拦截，某些权限组合会触发这种拦截",
  },
  nextStep: {
    en: "Request fewer scopes, or the same ones in another order. Feishu's support needs the log id.",
    zh: "请减少所申请的权限，或调整其顺序。联系飞书技术支持时请提供 log id。",
  },
};

/**
 * Starts a login by the device flow. The body authenticates the app: some companies' proxies remove
 * `Authorization: Basic`, and Feishu then answers that `client_secret` is missing.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.1
 * @see https://github.com/larksuite/cli/issues/509
 */
export function buildDeviceStart(hosts: Hosts, { credentials, scopes }: DeviceStartRequest): WireRequest {
  return {
    url: hosts.address(credentials.brand, "accounts", "/oauth/v1/device_authorization"),
    encoding: "form",
    body: {
      client_id: credentials.appId,
      client_secret: credentials.appSecret.reveal(),
      scope: withOfflineAccess(scopes),
    },
  };
}

/**
 * Reads the answer: flat JSON, or JSON wrapped in `data`. The person is shown the address to open and the code to type,
 * so that only a web address and a short code are accepted. A 403 without JSON comes from a filter in front of Feishu,
 * which refuses some combinations and orders of scopes and checks nothing else.
 *
 * @see https://github.com/larksuite/cli/issues/1846
 */
export function readDeviceStart(answer: WireAnswer): DeviceStartAnswer {
  const body = readAnswerBody(answer.text);
  const device = body.whole && answer.status >= 200 && answer.status < 300
    ? [body.fields, readFields(body.fields.data) ?? {}].map((each) => readDevice(each, answer.sentAtMs))
      .find((each) => each !== undefined)
    : undefined;
  const logId = readLogId(answer.headers, body.fields);
  if (device !== undefined) return { kind: "started", device, ...defined({ logId }) };
  if (answer.status === 403 && !body.whole) {
    return {
      kind: "refused",
      refusal: {
        verdict: "transient",
        mayHaveConsumed: false,
        errorCode: "feishu_unavailable",
        told: BLOCKED,
        httpStatus: answer.status,
        ...defined({ logId }),
      },
    };
  }
  return readRefusal(answer, body, "device");
}

function readDevice(fields: Fields, sentAtMs: number): DeviceStart | undefined {
  const deviceCode = readText(fields.device_code);
  const userCode = readText(fields.user_code);
  const completeUrl = readPageUrl(fields.verification_uri_complete);
  const verificationUrl = readPageUrl(fields.verification_uri) ?? completeUrl;
  if (deviceCode === undefined || verificationUrl === undefined) return undefined;
  if (userCode === undefined || !/^[A-Za-z0-9-]{1,32}$/.test(userCode)) return undefined;
  // The registration endpoint, whose answer has the same shape, has been seen to send `expire_in`.
  const lifetimeMs = readLifetimeMs(fields.expires_in) || readLifetimeMs(fields.expire_in) ||
    DEVICE_DEFAULT_LIFETIME_MS;
  const intervalMs = readLifetimeMs(fields.interval) || DEVICE_DEFAULT_INTERVAL_MS;
  return {
    deviceCode: new Secret(deviceCode),
    userCode,
    verificationUrl,
    ...defined({ completeUrl }),
    expiresAtMs: sentAtMs + Math.min(lifetimeMs, MAX_DEVICE_LIFETIME_MS),
    intervalMs: Math.min(Math.max(intervalMs, 1_000), MAX_DEVICE_INTERVAL_MS),
  };
}

/** A page that a person may open: `https`; `http` only on this machine, where the sandbox listens. */
function readPageUrl(value: unknown): string | undefined {
  const url = URL.parse(readText(value) ?? "");
  if (url === null || url.username !== "" || url.password !== "") return undefined;
  const isFit = url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.hostname));
  return isFit ? url.href : undefined;
}
