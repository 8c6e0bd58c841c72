import type { Brand } from "../brand.ts";
import type { LoginEndpoint } from "../ports/feishu.ts";
import type { Hosts, HostSide } from "./hosts.ts";

const PLACES: Readonly<Record<LoginEndpoint, { readonly side: HostSide; readonly path: string }>> = {
  v2: { side: "open", path: "/open-apis/authen/v2/oauth/token" },
  v3: { side: "accounts", path: "/oauth/v3/token" },
};

/** The token endpoint of a newer generation. It takes refresh tokens, device codes and authorization codes. */
export function oauthTokenAddress(hosts: Hosts, endpoint: LoginEndpoint, brand: Brand): string {
  const { side, path } = PLACES[endpoint];
  return hosts.address(brand, side, path);
}
