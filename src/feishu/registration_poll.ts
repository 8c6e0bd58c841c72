import type { Brand } from "../brand.ts";
import { defined } from "../defined.ts";
import type { RegistrationPollAnswer, RegistrationPollRequest } from "../ports/registration_port.ts";
import { Secret } from "../secret.ts";
import { readAnswerBody } from "./answer_body.ts";
import type { Hosts } from "./hosts.ts";
import { type Fields, readCode, readFields, readText } from "./lenient_fields.ts";
import { MAX_DEVICE_INTERVAL_MS, SLOW_DOWN_MS } from "./limits.ts";
import { readLogId } from "./read_log_id.ts";
import { readRefusal } from "./read_refusal.ts";
import { APP_REGISTRATION_PATH } from "./registration_start.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

const REGISTRATION_PENDING = 20094;
const TOO_FAST_CODE = 20095;
/** In the description of an answer; how Feishu words them has not been seen. */
const APPROVAL = /approv|audit|review|审批|审核/i;
const FORBIDDEN_BY_COMPANY = /forbid|not allowed|not permitted|administrator|tenant|admin|管理员|企业/i;

/** Asks how a registration stands. */
export function buildRegistrationPoll(
  hosts: Hosts,
  { brand, deviceCode }: RegistrationPollRequest,
): WireRequest {
  return {
    url: hosts.address(brand, "accounts", APP_REGISTRATION_PATH),
    encoding: "form",
    body: { action: "poll", device_code: deviceCode.reveal() },
  };
}

/** Reads the answer. An answer with status 200 that lacks the app means that there is none yet. */
export function readRegistrationPoll(
  answer: WireAnswer,
  { brand, intervalMs }: Pick<RegistrationPollRequest, "brand" | "intervalMs">,
): RegistrationPollAnswer {
  const body = readAnswerBody(answer.text);
  const { fields } = body;
  const logId = readLogId(answer.headers, fields);
  const user = readFields(fields.user_info) ?? {};
  const userBrand = readBrand(user);
  const [appId, appSecret] = [readText(fields.client_id), readText(fields.client_secret)];
  if (appId !== undefined && appSecret !== undefined) {
    const openId = readText(user.open_id);
    const app = { appId, appSecret: new Secret(appSecret), ...defined({ brand: userBrand, openId }) };
    return { kind: "registered", app, ...defined({ logId }) };
  }
  // Also next to "authorization_pending": the host of the other brand has the app.
  if (userBrand === "lark" && brand !== "lark") return { kind: "moved", ...defined({ logId }) };
  const error = readText(fields.error);
  const code = readCode(fields.code);
  const said = readText(fields.error_description) ?? readText(fields.msg) ?? "";
  const isSuccess = body.whole && answer.status >= 200 && answer.status < 300 && error === undefined &&
    (code === undefined || code === 0);
  if (isSuccess || error === "authorization_pending" || code === REGISTRATION_PENDING) {
    return { kind: "pending", intervalMs, isAwaitingApproval: APPROVAL.test(said) };
  }
  if (error === "slow_down" || code === TOO_FAST_CODE) {
    const slower = Math.min(intervalMs + SLOW_DOWN_MS, MAX_DEVICE_INTERVAL_MS);
    return { kind: "pending", intervalMs: slower, isAwaitingApproval: false };
  }
  switch (error) {
    case "access_denied":
      return { kind: FORBIDDEN_BY_COMPANY.test(said) ? "forbidden" : "denied", ...defined({ logId }) };
    case "expired_token":
      return { kind: "expired", ...defined({ logId }) };
    case "invalid_grant":
      return { kind: "gone", ...defined({ logId }) };
  }
  return readRefusal(answer, body, "device");
}

function readBrand({ tenant_brand }: Fields): Brand | undefined {
  return tenant_brand === "lark" || tenant_brand === "feishu" ? tenant_brand : undefined;
}
