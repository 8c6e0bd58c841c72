import type { Log } from "../ports/log.ts";
import type { CallerAddress, PeerInfo } from "./security/caller_address.ts";
import type { JsonAnswer } from "./json_answer.ts";

/** What the app knows of a request, besides the request. */
export interface HttpCall {
  /** Also in the answer's `X-Request-Id`. */
  readonly requestId: string;
  /** Adds the request id to each line. */
  readonly log: Log;
  /** The client, behind trusted proxies; absent for a request that came over no connection. */
  readonly caller?: CallerAddress | undefined;
  /** The other end of its connection, which may be a proxy. */
  readonly peer?: PeerInfo | undefined;
  /** The name of the key that came with it; absent where the server has no keys. */
  readonly callerName?: string | undefined;
}

/** One path of the server. */
export interface Route {
  /** The allowed methods; absent where the handler answers every method itself. */
  readonly methods?: readonly string[];
  /** Whether any `Host` and any `Origin` may call it. */
  readonly isUnguarded?: boolean;
  /** Whether it answers callers without a key, where the server has keys. */
  readonly isOpen?: boolean;
  /** Answers the request. */
  handle(request: Request, call: HttpCall): Response | Promise<Response | JsonAnswer>;
}
