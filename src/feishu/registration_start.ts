import { defined } from "../defined.ts";
import type { RegistrationStartAnswer, RegistrationStartRequest } from "../ports/registration_port.ts";
import { Secret } from "../secret.ts";
import { readAnswerBody } from "./answer_body.ts";
import type { Hosts } from "./hosts.ts";
import { readLifetimeMs, readText } from "./lenient_fields.ts";
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

/** Path of the registration on the accounts host. */
export const APP_REGISTRATION_PATH = "/oauth/v1/app/registration";
/** Names this program to the page, as the SDKs name themselves. */
const SOURCE = "feishu-token-mcp";

/**
 * Starts the registration of an app. It begins at Feishu's accounts host for both brands: the page refuses codes that
 * were begun at Lark's.
 *
 * @see https://github.com/larksuite/cli
 */
export function buildRegistrationStart(hosts: Hosts): WireRequest {
  return {
    url: hosts.address("feishu", "accounts", APP_REGISTRATION_PATH),
    encoding: "form",
    body: {
      action: "begin",
      archetype: "PersonalAgent",
      auth_method: "client_secret",
      request_user_info: "open_id",
    },
  };
}

/** The wanted scopes in the form that the page reads: base64url of gzipped JSON. It passes over names that it does not know. */
export async function registrationAddons(scopes: readonly string[]): Promise<string> {
  const addons = { scopes: { tenant: [], user: withOfflineAccess(scopes).split(" ") } };
  // Not by `node:zlib`, which every server would load at its start.
  const gzipped = new Blob([JSON.stringify(addons)]).stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(gzipped).arrayBuffer());
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/**
 * Reads the answer. The page that it names says "Link expired" since June 2026, so that the link is made here.
 *
 * @param addons of {@linkcode registrationAddons}.
 */
export function readRegistrationStart(
  answer: WireAnswer,
  request: RegistrationStartRequest,
  addons: string,
  hosts: Hosts,
): RegistrationStartAnswer {
  const body = readAnswerBody(answer.text);
  const { fields } = body;
  const logId = readLogId(answer.headers, fields);
  const deviceCode = readText(fields.device_code);
  const userCode = readText(fields.user_code);
  const isWhole = body.whole && answer.status >= 200 && answer.status < 300;
  if (!isWhole || deviceCode === undefined || !/^[A-Za-z0-9-]{1,32}$/.test(userCode ?? "")) {
    return readRefusal(answer, body, "device");
  }
  const lifetimeMs = readLifetimeMs(fields.expires_in) || readLifetimeMs(fields.expire_in) ||
    DEVICE_DEFAULT_LIFETIME_MS;
  const intervalMs = readLifetimeMs(fields.interval) || DEVICE_DEFAULT_INTERVAL_MS;
  return {
    kind: "started",
    registration: {
      deviceCode: new Secret(deviceCode),
      userCode: userCode ?? "",
      pageUrl: pageUrl(hosts, userCode ?? "", request, addons),
      expiresAtMs: answer.sentAtMs + Math.min(lifetimeMs, MAX_DEVICE_LIFETIME_MS),
      intervalMs: Math.min(Math.max(intervalMs, 1_000), MAX_DEVICE_INTERVAL_MS),
    },
    ...defined({ logId }),
  };
}

/** With `createOnly`: without it the person may choose an existing app, and its secret would be handed out. */
function pageUrl(
  hosts: Hosts,
  userCode: string,
  { brand, name }: RegistrationStartRequest,
  addons: string,
): string {
  const query = new URLSearchParams({
    user_code: userCode,
    from: "sdk",
    tp: "sdk",
    source: `${SOURCE}/${name}`,
    createOnly: "true",
    addons,
  });
  return `${hosts.address(brand, "open", "/page/cli")}?${query}`;
}
