import type { CallerFinder } from "../callers/caller_finder.ts";
import { WrongKeys } from "../callers/wrong_keys.ts";
import type { Language, Phrase } from "../errors/language.ts";
import type { RepeatedLines } from "../log/repeated_lines.ts";
import type { Clock } from "../ports/clock.ts";
import { JSON_RPC_CODE, jsonRpcRefusal } from "./json_rpc_refusal.ts";
import { httpProblem } from "./problem.ts";
import type { HttpCall } from "./route.ts";
import { presentedKey } from "./security/presented_key.ts";

/** The paths of clients' discovery. Those that are no route answer 404, which says that there is no OAuth here. */
const DISCOVERY = "/.well-known/";
/** RFC 6750 demands a parameter. There is one realm, since a key opens every path. */
const CHALLENGE = 'Bearer realm="feishu-token-mcp"';

const NO_KEY: Phrase = {
  en:
    "Unauthorized: this server needs a key: send the header Authorization: Bearer KEY with the key that its operator " +
    "has given you",
  zh: "未授权：本服务需要密钥，请发送请求头 Authorization: Bearer KEY，其中 KEY 是运维人员发给你的密钥",
};
const WRONG_KEY: Phrase = {
  en: "Unauthorized: the key in Authorization is none of this server's: ask its operator for the present one",
  zh: "未授权：Authorization 中的密钥不是本服务的有效密钥，请向运维人员索取当前的密钥",
};

/** What {@linkcode createCallerGate} needs. */
export interface CallerGateOptions {
  /** Finds whose key a request brings. A server without keys has no gate. */
  readonly findCaller: CallerFinder;
  /** Times the pauses after wrong keys. */
  readonly clock: Clock;
  /** Limits the lines about refusals. */
  readonly repeated: RepeatedLines;
  /** Of the refusals. */
  readonly language: Language;
}

/** The call with the name of its caller, or the refusal. */
export type CallerGate = (
  request: Request,
  target: { readonly path: string; readonly isOpen: boolean | undefined },
  call: HttpCall,
) => HttpCall | Response | Promise<Response>;

/**
 * Makes the check of a request's key, which comes before anything is said, and before the body is read. Without a key
 * the answer is 401 with a challenge that has no error code, with a wrong one it has `invalid_token`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export function createCallerGate(options: CallerGateOptions): CallerGate {
  const { findCaller, clock, repeated, language } = options;
  const wrongKeys = new WrongKeys({ clock });

  return (request, { path, isOpen = path.startsWith(DISCOVERY) }, call) => {
    if (isOpen) return call;
    const key = presentedKey(request.headers);
    const callerName = key === undefined ? undefined : findCaller(key);
    if (callerName !== undefined) return { ...call, callerName, log: call.log.with({ caller: callerName }) };
    return key === undefined ? refuse(path, call, "no_key") : refuseLater(request, path, call);
  };

  /** The answer to a missing key comes at once: clients ask without one first, to learn that they need one. */
  function refuse(path: string, call: HttpCall, why: "no_key" | "wrong_key"): Response {
    const [level, phrase] = why === "no_key" ? ["info", NO_KEY] as const : ["warn", WRONG_KEY] as const;
    const address = call.caller?.address;
    const event = "caller refused";
    const line = { kind: `${event} ${why}`, level, event, fields: { why }, first: { address } };
    repeated.write(call.log, { ...line, variant: address });
    const message = phrase[language];
    const challenge = why === "no_key" ? CHALLENGE : `${CHALLENGE}, error="invalid_token"`;
    const headers = { "www-authenticate": challenge };
    return path === "/mcp"
      ? jsonRpcRefusal({ status: 401, code: JSON_RPC_CODE.refused, message, headers })
      : httpProblem(401, message, headers);
  }

  async function refuseLater(request: Request, path: string, call: HttpCall): Promise<Response> {
    const { signal } = request;
    await wrongKeys.pause(call.caller?.address, signal);
    return refuse(path, call, "wrong_key");
  }
}
