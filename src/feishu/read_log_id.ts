import { type Fields, readFields, readText } from "./lenient_fields.ts";

/**
 * Feishu's log id of an answer: the header `X-Tt-Logid`, else the field that some error bodies have. Logs and error
 * texts show it, so that only hexadecimal digits and hyphens are accepted: another value may be a secret that the
 * host echoes.
 */
export function readLogId(headers: Headers, body: Fields): string | undefined {
  const id = headers.get("x-tt-logid") ?? readText(readFields(body.error)?.log_id) ?? readText(body.log_id);
  return id !== undefined && /^[\dA-Fa-f-]{1,128}$/.test(id) ? id : undefined;
}
