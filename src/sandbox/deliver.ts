import { defined } from "../defined.ts";
import { type Answer, textAnswer } from "./answer.ts";
import type { Call, CallSubject } from "./calls.ts";
import type { FaultRequest, MetFault, Release } from "./faults.ts";
import { basicCredentials, bearerToken, type FeishuRequest, textField } from "./feishu_request.ts";
import { RATE_LIMIT_CODE, refusal } from "./refusal.ts";
import { REVOKE_PATH } from "./endpoints_revoke.ts";
import { findRoute, type Route } from "./find_route.ts";
import type { Sandbox } from "./sandbox.ts";
import { tokenHash } from "./token_hash.ts";

/** The end of a call: an answer, half of one, or a cut connection. */
export type Delivery =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "truncate"; readonly answer: Answer }
  | { readonly kind: "cut" };

/** Signals that end the waits of a call. */
export interface CallSignals {
  /** Aborted when the sandbox closes. */
  readonly closing: AbortSignal;
  /** Aborted when the client leaves. Ends only a hanging call: a slow one goes on without its client. */
  readonly clientGone: AbortSignal;
}

const CUT: Delivery = { kind: "cut" };

/**
 * Answers a call to the simulated Feishu, or does what a fault says instead, and records the outcome.
 *
 * @throws the reason of `signals.closing` when the sandbox closes during a wait.
 */
export async function deliver(
  sandbox: Sandbox,
  request: FeishuRequest,
  call: Call,
  signals: CallSignals,
): Promise<Delivery> {
  call.describe(callSubject(sandbox, request));
  const route = findRoute(request.method, request.path);
  const fault = sandbox.faults.take(request.path, request.client);
  const wait = (): Promise<void> => sandbox.clock.sleep(fault?.ms ?? 0, signals.closing);
  const waitIfAsked = async (): Promise<void> => {
    if (fault?.ms !== undefined) await wait();
  };
  const held = (met: MetFault): Promise<Release> =>
    sandbox.faults.hold(met, AbortSignal.any([signals.closing, signals.clientGone]));
  const decided = (answer: Answer): Delivery => {
    call.decide(answer.code === 0 ? "accepted" : "refused", answer.code);
    return { kind: "answer", answer };
  };
  const act = async (): Promise<Answer> =>
    await route?.answer(sandbox, request) ?? textAnswer(404, "404 page not found");

  switch (fault?.kind) {
    case undefined:
      return decided(await act());
    case "slow":
      await waitIfAsked();
      return decided(await act());
    case "hang": {
      if (await held(fault) === "proceed") return decided(await act());
      call.decide("dropped_before", null);
      return CUT;
    }
    case "hang_after": {
      const answer = await act();
      const delivery = decided(answer);
      if (await held(fault) === "proceed") return delivery;
      call.decide("dropped_after", answer.code);
      return CUT;
    }
    case "drop_before":
      await waitIfAsked();
      call.decide("dropped_before", null);
      return CUT;
    case "drop_after": {
      call.decide("dropped_after", (await act()).code);
      await waitIfAsked();
      return CUT;
    }
    case "garbage":
    case "http_after": {
      decided(await act());
      await waitIfAsked();
      return { kind: "answer", answer: fault.kind === "garbage" ? GARBAGE : httpAnswer(fault) };
    }
    case "truncate": {
      const answer = await act();
      decided(answer);
      await waitIfAsked();
      return { kind: "truncate", answer };
    }
    case "refuse":
    case "http":
      await waitIfAsked();
      return decided(faultAnswer(fault, route, request.logId));
    case "rate_limit":
      return decided(faultAnswer(fault, route, request.logId));
  }
}

/** The page of a captive portal, in place of Feishu's answer. */
const GARBAGE: Answer = {
  status: 200,
  contentType: "text/html; charset=utf-8",
  body:
    "<!DOCTYPE html><html><head><title>Welcome</title></head><body>Please sign in to this network</body></html>",
  code: null,
};

/** An answer of a server in front of Feishu. */
function httpAnswer({ status }: FaultRequest): Answer {
  return textAnswer(status ?? 503, "sandbox fault");
}

/** The answer of a fault that keeps the call from having an effect. */
function faultAnswer(fault: FaultRequest, route: Route | undefined, logId: string): Answer {
  const { code, status, ms } = fault;
  const shape = route?.shape ?? "gateway";
  if (fault.kind === "http") return httpAnswer(fault);
  if (fault.kind === "refuse") {
    const detail = { status, challengeUrl: fault.challenge_url };
    return refusal(shape, code ?? route?.faultCode ?? 2200, logId, detail);
  }
  const headers = {
    "x-ogw-ratelimit-limit": "1000",
    "x-ogw-ratelimit-reset": String(Math.ceil((ms ?? 1000) / 1000)),
  };
  return refusal(shape, code ?? RATE_LIMIT_CODE, logId, { status: status ?? 429, headers });
}

function callSubject(sandbox: Sandbox, request: FeishuRequest): CallSubject {
  const bearer = bearerToken(request);
  const grantType = textField(request, "grant_type");
  const token = textField(request, "refresh_token") ?? textField(request, "device_code") ??
    textField(request, "code") ?? (request.path === REVOKE_PATH ? textField(request, "token") : undefined);
  const presented = textField(request, "app_id") ?? textField(request, "client_id") ??
    basicCredentials(request)?.clientId ?? request.query.get("client_id") ??
    request.query.get("app_id") ?? undefined;
  const owner = bearer === undefined ? undefined : sandbox.accessTokens.find(bearer)?.appId;
  return {
    app_id: presented === undefined ? owner ?? null : sandbox.app(presented)?.appId ?? presented,
    ...defined({ grant_type: grantType }),
    ...(token === undefined ? {} : { presented: tokenHash(token) }),
  };
}
