/** The headers of every answer; a page has a content security policy of its own. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  // Allows nothing, for answers that are no pages.
  "content-security-policy":
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy":
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), " +
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Sets the headers of every answer on `response`. A content security policy that it has already stays. */
export function applySecurityHeaders(response: Response, requestId: string): Response {
  const { headers } = response;
  const policy = headers.get("content-security-policy");
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) headers.set(name, value);
  if (policy !== null) headers.set("content-security-policy", policy);
  headers.set("x-request-id", requestId);
  return response;
}
