import { Buffer } from "node:buffer";

/** A request to the simulated Feishu, with its fields read and not yet checked. */
export interface FeishuRequest {
  /** HTTP method. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The query. */
  readonly query: URLSearchParams;
  /** Origin under which the caller reaches the sandbox, for links. */
  readonly origin: string;
  /** `Authorization` header. */
  readonly authorization: string | undefined;
  /** Of the body. */
  readonly encoding: "json" | "form";
  /** Fields of the body; `null` where it is neither a JSON object nor a form. */
  readonly fields: Readonly<Record<string, unknown>> | null;
  /** `X-Tt-Logid` of the answer. */
  readonly logId: string;
  /** Name of the client to whose address it came; `undefined` for the common address. */
  readonly client: string | undefined;
}

/** A request as it arrives. */
export interface RawRequest {
  /** HTTP method. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The query. */
  readonly query?: URLSearchParams;
  /** `Host` header. */
  readonly host?: string | undefined;
  /** `Authorization` header. */
  readonly authorization: string | undefined;
  /** `Content-Type` header. */
  readonly contentType: string | undefined;
  /** In full. */
  readonly body: string;
  /** `X-Tt-Logid` of the answer. */
  readonly logId: string;
  /** Name of the client to whose address it came; `undefined` for the common address. */
  readonly client?: string | undefined;
}

/** Reads the fields of a request. */
export function readFeishuRequest(raw: RawRequest): FeishuRequest {
  const { method, path, authorization, logId, client } = raw;
  const encoding = raw.contentType?.includes("application/x-www-form-urlencoded") === true ? "form" : "json";
  const fields = encoding === "form"
    ? Object.fromEntries(new URLSearchParams(raw.body))
    : readObject(raw.body);
  return {
    method,
    path,
    query: raw.query ?? new URLSearchParams(),
    origin: `http://${raw.host ?? "127.0.0.1"}`,
    authorization,
    encoding,
    fields,
    logId,
    client,
  };
}

/** The field `name`, where it is a string that is not empty. */
export function textField(request: FeishuRequest, name: string): string | undefined {
  const value = request.fields?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The token of `Authorization: Bearer …`. */
export function bearerToken(request: FeishuRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.authorization ?? "")?.[1];
}

/** The client id and secret of `Authorization: Basic …`. @see RFC 6749 section 2.3.1 */
export function basicCredentials(
  request: FeishuRequest,
): { readonly clientId: string; readonly clientSecret: string } | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(request.authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const pair = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString("utf8"));
  return { clientId: formDecode(pair?.[1] ?? ""), clientSecret: formDecode(pair?.[2] ?? "") };
}

function formDecode(text: string): string {
  return new URLSearchParams(`value=${text.replaceAll("&", "%26")}`).get("value") ?? "";
}

function readObject(text: string): Readonly<Record<string, unknown>> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
}
