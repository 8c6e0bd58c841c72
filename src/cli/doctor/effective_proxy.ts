/** Reads one environment variable. */
export type Env = (name: string) => string | undefined;

/** The proxy that a request goes through. */
export interface EffectiveProxy {
  /** The variable that names it. */
  readonly variable: string;
  /** Scheme, host and port without user name and password; `null` where it cannot be read. */
  readonly address: string | null;
}

/**
 * The proxy between here and `url` by the rules of Deno's `fetch`, as measured on 2.9.6: `ALL_PROXY` overrides the
 * variable of the scheme, upper case overrides lower case, and `NO_PROXY` exempts a name with all its subdomains.
 */
export function effectiveProxy(url: string, env: Env): EffectiveProxy | undefined {
  const { protocol, hostname } = new URL(url);
  if (isExempt(hostname, env)) return undefined;
  const own = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  for (const variable of ["ALL_PROXY", "all_proxy", own, own.toLowerCase()]) {
    const value = env(variable);
    if (value) return { variable, address: addressOf(value) };
  }
  return undefined;
}

function addressOf(value: string): string | null {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`);
  return url === null || url.host === "" ? null : `${url.protocol}//${url.host}`;
}

function isExempt(hostname: string, env: Env): boolean {
  const exempt = (env("NO_PROXY") ?? env("no_proxy") ?? "").split(",").map((each) =>
    each.trim().replace(/^\./, "")
  );
  return exempt.some((each) =>
    each === "*" || (each !== "" && (hostname === each || hostname.endsWith(`.${each}`)))
  );
}
