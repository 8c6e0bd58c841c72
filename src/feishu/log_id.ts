import { type Fields, readFields, readText } from "./lenient_fields.ts";

/**
 * Feishu's log id of an answer: the header `X-Tt-Logid`, else what an error envelope repeats of it. It ends up in logs
 * and error texts, so that anything that does not look like an id is left out.
 */
export function readLogId(headers: Headers, body: Fields): string | undefined {
  const id = headers.get("x-tt-logid") ?? readText(readFields(body.error)?.log_id) ?? readText(body.log_id);
  return id !== undefined && /^[\w.-]{1,128}$/.test(id) ? id : undefined;
}
