import type { PeerInfo } from "./caller_address.ts";
import { isLocalCall } from "./is_local_call.ts";
import type { LoginOwnerOptions } from "./login_owner.ts";

/** Decides whether a request that brings no credentials may use a kept app. */
export type KeptAppGate = (
  request: Pick<Request, "url" | "headers">,
  peer: PeerInfo | undefined,
) => boolean;

/**
 * Makes the decision who may use a kept app over HTTP (promise 6): programs of this machine, while the server serves this
 * machine alone. It is made for each call, by the address really bound, so that an app that is added next to a running
 * server changes nothing for strangers.
 */
export function createMayUseKeptApp(
  { isBoundToLoopback, isPublished }: Pick<LoginOwnerOptions, "isBoundToLoopback" | "isPublished">,
): KeptAppGate {
  return (request, peer) => !isPublished && isBoundToLoopback() && isLocalCall(request, peer);
}
