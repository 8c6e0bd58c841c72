import type { AppCredentials } from "../../ports/feishu.ts";
import { keyOwner, type LoginOwner } from "../../ports/login_owner.ts";
import type { PeerInfo } from "./caller_address.ts";
import { isLocalCall } from "./is_local_call.ts";

/** Facts of the server on which it depends whose logins a request may use. */
export interface LoginOwnerOptions {
  /** Whether the address really bound is a loopback one. Asked at each call, since it is known only after the start. */
  readonly isBoundToLoopback: () => boolean;
  /** Whether the server has a public name: on Deno Deploy, or by `FEISHU_TOKEN_ALLOWED_HOSTS`. */
  readonly isPublished: boolean;
  /** Whether everyone who brings an app's secret shares the logins of that app. */
  readonly allowsSessionLogins: boolean;
}

/** A request, and the caller whose key came with it. */
export interface AskingRequest extends Pick<Request, "url" | "headers"> {
  /** Absent where the server has no keys. */
  readonly callerName?: string | undefined;
}

/** Decides whose logins a request may use, with the app that it uses; `undefined` for a caller without any. */
export type LoginOwnerReader = (
  request: AskingRequest,
  peer: PeerInfo | undefined,
  app: AppCredentials | undefined,
) => LoginOwner | undefined;

/**
 * Makes the decision whose logins a request over HTTP may use (promise 6). Over stdio it is always `local`.
 *
 * | owner      | who                                                                                            |
 * | ---------- | ---------------------------------------------------------------------------------------------- |
 * | `key:NAME` | the caller with a key of that name, whichever app it uses; where keys are set, nobody else calls  |
 * | `local`    | a program of this machine that uses the server's own app, while the server serves this machine alone |
 * | `session`  | who brings the app's secret, on this machine or elsewhere, where the operator allows it          |
 * | none       | everyone else                                                                                   |
 */
export function createLoginOwner(options: LoginOwnerOptions): LoginOwnerReader {
  const { isBoundToLoopback, isPublished, allowsSessionLogins } = options;
  return (request, peer, app) => {
    if (request.callerName !== undefined) return keyOwner(request.callerName);
    if (app === undefined) return undefined;
    if (app.isBrought === true) return allowsSessionLogins ? "session" : undefined;
    if (isPublished || !isBoundToLoopback()) return undefined;
    return isLocalCall(request, peer) ? "local" : undefined;
  };
}
