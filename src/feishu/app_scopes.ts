import { isScopeName } from "../credentials/is_scope_name.ts";
import { defined } from "../defined.ts";
import type { AppScope, AppScopesAnswer, AppScopesRequest } from "../ports/feishu.ts";
import { readAnswerBody } from "./answer_body.ts";
import type { Hosts } from "./hosts.ts";
import { readCode, readFields, readText } from "./lenient_fields.ts";
import { readLogId } from "./read_log_id.ts";
import { readRefusal } from "./read_refusal.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/**
 * Asks which scopes the app has. The app itself needs one for this call, `application:application:self_manage`: without
 * it Feishu answers 99991672. `lang` is mandatory, and only descriptions depend on it.
 *
 * @see https://open.feishu.cn/document/server-docs/application-v6/application/get
 */
export function buildAppScopes(
  hosts: Hosts,
  { credentials, tenantToken }: Omit<AppScopesRequest, "timeoutMs">,
): WireRequest {
  const path = `/open-apis/application/v6/applications/${encodeURIComponent(credentials.appId)}?lang=en_us`;
  return { url: hosts.address(credentials.brand, "open", path), bearer: tenantToken };
}

/**
 * Reads the answer. Only a whole answer without an error has the scopes. One without a list is unreadable: an app that
 * may make this call has at least one scope, and "none" would refuse every login.
 */
export function readAppScopes(answer: WireAnswer): AppScopesAnswer {
  const body = readAnswerBody(answer.text);
  const isSuccess = body.whole && answer.status >= 200 && answer.status < 300 &&
    (body.fields.code === undefined || readCode(body.fields.code) === 0);
  const list = isSuccess ? readFields(readFields(body.fields.data)?.app)?.scopes : undefined;
  if (!Array.isArray(list)) return readRefusal(answer, body, "app");
  const scopes = list.map(readScope).filter((scope) => scope !== undefined);
  const logId = readLogId(answer.headers, body.fields);
  return { kind: "scopes", scopes, ...defined({ logId }) };
}

function readScope(value: unknown): AppScope | undefined {
  const fields = readFields(value) ?? {};
  const name = readText(fields.scope);
  // Messages show names as they are.
  if (name === undefined || !isScopeName(name)) return undefined;
  const types: unknown = fields.token_types;
  const isFor = (type: string): boolean => !Array.isArray(types) || types.includes(type);
  return { name, forUsers: isFor("user"), forTenants: isFor("tenant") };
}
