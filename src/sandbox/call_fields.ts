import type { LogFields } from "../ports/log.ts";
import type { CallView } from "./calls.ts";
import { findRoute } from "./find_route.ts";
import type { Sandbox } from "./sandbox.ts";

/** Replaces a name that this Feishu does not have: it may be a secret in the wrong place. */
const UNKNOWN = "(unknown)";
const GRANT_TYPES: readonly string[] = [
  "authorization_code",
  "refresh_token",
  "client_credentials",
  "urn:ietf:params:oauth:grant-type:device_code",
];

/** Log fields of a call. None holds a word of the caller's that this Feishu does not know. */
export function callFields(sandbox: Sandbox, call: CallView): LogFields {
  const { seq, method, path, app_id, grant_type, outcome, code, log_id, via } = call;
  const route = findRoute(method, path);
  return {
    seq,
    method: route?.method ?? UNKNOWN,
    path: route?.path ?? UNKNOWN,
    app_id: app_id === null ? undefined : sandbox.app(app_id)?.appId ?? UNKNOWN,
    grant_type: grant_type === undefined || GRANT_TYPES.includes(grant_type) ? grant_type : UNKNOWN,
    outcome,
    code: code ?? undefined,
    log_id,
    client: via?.client,
  };
}
