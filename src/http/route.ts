import type { Log } from "../ports/log.ts";
import type { CallerAddress, PeerInfo } from "./security/caller_address.ts";
import type { JsonAnswer } from "./json_answer.ts";

/** What the app knows of one HTTP request besides the request. */
export interface HttpCall {
  /** Also in the answer's `X-Request-Id`. */
  readonly requestId: string;
  /** Carries the request id. */
  readonly log: Log;
  /** Where it comes from; absent for a request that came over no connection. */
  readonly caller?: CallerAddress | undefined;
  /** The other end of its connection, which may be a proxy. */
  readonly peer?: PeerInfo | undefined;
}

/** One path of the server. */
export interface Route {
  /** Methods that are allowed; absent where the handler answers for every method itself. */
  readonly methods?: readonly string[];
  /** Whether it answers under any `Host` and to any `Origin`. */
  readonly isUnguarded?: boolean;
  /** Answers the request. */
  handle(request: Request, call: HttpCall): Response | Promise<Response | JsonAnswer>;
}
