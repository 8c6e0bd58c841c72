import { defined } from "../defined.ts";
import type { FeishuUser, UserInfoAnswer, UserInfoRequest } from "../ports/feishu.ts";
import { readAnswerBody } from "./answer_body.ts";
import type { Hosts } from "./hosts.ts";
import { type Fields, readCode, readFields, readText } from "./lenient_fields.ts";
import { readLogId } from "./read_log_id.ts";
import { readRefusal } from "./read_refusal.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** Form of Feishu's ids. Messages and logs show an id as it is, so that nothing else is accepted. */
const FEISHU_ID = /^[\w-]{1,128}$/;
const LONGEST_NAME = 200;

/**
 * Asks for the user of an access token. The fields that are read here need no scope.
 *
 * @see https://open.feishu.cn/document/server-docs/authentication-management/login-state-management/get
 */
export function buildUserInfo(
  hosts: Hosts,
  { brand, accessToken }: Omit<UserInfoRequest, "timeoutMs">,
): WireRequest {
  return { url: hosts.address(brand, "open", "/open-apis/authen/v1/user_info"), bearer: accessToken };
}

/**
 * Reads the answer. Only a whole answer without an error names the user. The gateway refuses first, with codes 9999… and
 * HTTP 400; then the service behind it, with codes 200… and mostly HTTP 200. Since this is an API, 99991401 (the IP
 * address is not on the app's list) may be answered here for the first time, when the pair is already issued.
 */
export function readUserInfo(answer: WireAnswer): UserInfoAnswer {
  const body = readAnswerBody(answer.text);
  const isSuccess = body.whole && answer.status >= 200 && answer.status < 300 &&
    (body.fields.code === undefined || readCode(body.fields.code) === 0);
  const user = isSuccess ? readUser(readFields(body.fields.data) ?? {}) ?? readUser(body.fields) : undefined;
  if (user === undefined) return readRefusal(answer, body, "user");
  const logId = readLogId(answer.headers, body.fields);
  return { kind: "user", user, ...defined({ logId }) };
}

function readUser(fields: Fields): FeishuUser | undefined {
  const openId = readId(fields.open_id);
  if (openId === undefined) return undefined;
  return {
    openId,
    ...defined({
      name: readName(fields.name) ?? readName(fields.en_name),
      tenantKey: readId(fields.tenant_key),
      unionId: readId(fields.union_id),
    }),
  };
}

function readId(value: unknown): string | undefined {
  const text = readText(value);
  return text !== undefined && FEISHU_ID.test(text) ? text : undefined;
}

/** Users choose their names. A control character in one could command a terminal or end a log line. */
function readName(value: unknown): string | undefined {
  const name = readText(value)?.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return name === undefined || name === "" ? undefined : [...name].slice(0, LONGEST_NAME).join("");
}
