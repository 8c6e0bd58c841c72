import { type Fields, readFields, readText } from "./lenient_fields.ts";

/**
 * Feishu's log id of an answer: the header `X-Tt-Logid`, else what an error envelope repeats of it. It ends up in logs
 * and error texts. Feishu's are a date and hexadecimal digits; anything else is left out, since it may be a secret that
 * is sent back.
 */
export function readLogId(headers: Headers, body: Fields): string | undefined {
  const id = headers.get("x-tt-logid") ?? readText(readFields(body.error)?.log_id) ?? readText(body.log_id);
  return id !== undefined && /^[\dA-Fa-f-]{1,128}$/.test(id) ? id : undefined;
}
