import { type Audience, ENGLISH } from "../errors/audience.ts";
import type { ErrorKind } from "../errors/error_table.ts";
import type { Language } from "../errors/language.ts";
import type { TokenError } from "../errors/token_error.ts";
import type { InvalidSession } from "./session/invalid_session.ts";

const CONTENT_TYPE = "application/problem+json";

const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  input: 400,
  config: 503,
  login: 403,
  transient: 503,
  ambiguous: 502,
  rate: 429,
  store: 503,
  internal: 500,
};

const TITLE_OF_STATUS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/**
 * Makes a problem of HTTP alone: no such page, wrong method, foreign or unknown caller, a server that fails or stops.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function httpProblem(
  status: 400 | 401 | 403 | 404 | 405 | 500 | 503,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return respond(status, { detail }, headers);
}

/** Makes the problem of a session configuration that cannot be read, with every reason. */
export function sessionProblem({ line, problems }: InvalidSession, language: Language = "en"): Response {
  return respond(422, { detail: line[language], problems: problems.map((each) => each[language]) }, {});
}

/** Makes the problem of a domain error: the status follows from its kind, the fields are those of the tools' errors. */
export function tokenProblem(error: TokenError, audience: Audience = ENGLISH): Response {
  const report = error.report(audience);
  const retryAfterSeconds = report.retry_after_seconds;
  return respond(
    STATUS_OF_KIND[error.row.kind],
    { detail: report.message, ...report },
    retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) },
  );
}

function respond(status: number, fields: object, headers: Readonly<Record<string, string>>): Response {
  return Response.json(
    { type: "about:blank", title: TITLE_OF_STATUS[status], status, ...fields },
    { status, headers: { ...headers, "content-type": CONTENT_TYPE } },
  );
}
