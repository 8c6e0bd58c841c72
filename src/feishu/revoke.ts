import { defined } from "../defined.ts";
import type { RevokeAnswer, RevokeRequest } from "../ports/feishu.ts";
import { readAnswerBody } from "./answer_body.ts";
import type { Hosts } from "./hosts.ts";
import { readCode } from "./lenient_fields.ts";
import { readLogId } from "./read_log_id.ts";
import { readRefusal } from "./read_refusal.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/**
 * Revokes a token at Feishu. The endpoint is not documented; the request is that of Feishu's own command line client.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7009#section-2.1
 */
export function buildRevoke(hosts: Hosts, { credentials, token, tokenType }: RevokeRequest): WireRequest {
  return {
    url: hosts.address(credentials.brand, "accounts", "/oauth/v1/revoke"),
    encoding: "form",
    body: {
      client_id: credentials.appId,
      client_secret: credentials.appSecret.reveal(),
      token: token.reveal(),
      token_type_hint: tokenType,
    },
  };
}

/** Reads the answer. A 2xx that is empty, or is JSON without an error, means that the token is revoked. */
export function readRevoke(answer: WireAnswer): RevokeAnswer {
  const body = readAnswerBody(answer.text);
  const { code, error } = body.fields;
  const isSaid = body.whole && (code === undefined || readCode(code) === 0) && error === undefined;
  const isEmpty = answer.cut === undefined && answer.text.trim() === "";
  if (answer.status < 200 || answer.status >= 300 || !(isSaid || isEmpty)) {
    return readRefusal(answer, body, "revoke");
  }
  const logId = readLogId(answer.headers, body.fields);
  return { kind: "revoked", ...defined({ logId }) };
}
