/** Allows nothing: right for every answer that is not a page. */
const CSP_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const FIXED_HEADERS: readonly (readonly [string, string])[] = [
  ["cache-control", "no-store"],
  ["cross-origin-resource-policy", "same-origin"],
  ["referrer-policy", "no-referrer"],
  ["x-content-type-options", "nosniff"],
];

/** Puts on `response` what every answer of this server carries. A stricter or wider policy that is there stays. */
export function applySecurityHeaders(response: Response, requestId: string): Response {
  const { headers } = response;
  for (const [name, value] of FIXED_HEADERS) headers.set(name, value);
  if (!headers.has("content-security-policy")) headers.set("content-security-policy", CSP_NOTHING);
  headers.set("x-request-id", requestId);
  return response;
}
