import { Buffer } from "node:buffer";
import { defined } from "../defined.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import type { ClientAddresses, SandboxClient } from "./client_addresses.ts";
import type { ClockFollowers } from "./clock_followers.ts";
import {
  ControlRequestError,
  readAdvanceMs,
  readAppRequest,
  readClientRequest,
  readConsentMode,
  readDeviceAction,
  readFaultRequest,
  readLoginRequest,
  readRegistrationAction,
  readRevokeRequest,
  readSwitches,
  type RevokeRequest,
} from "./control_requests.ts";
import { decideDevice } from "./endpoints_device.ts";
import { decideRegistration } from "./endpoints_registration.ts";
import type { Sandbox } from "./sandbox.ts";
import { logIn } from "./user_tokens.ts";

/** Paths below this one control the sandbox. They meet no fault and are not recorded as calls. */
export const CONTROL_PREFIX = "/_sandbox/";

/** A request to the control interface. */
export interface ControlRequest {
  /** HTTP method. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Parsed. */
  readonly query: URLSearchParams;
  /** `Host` header. */
  readonly host: string | undefined;
  /** Host of the request line, where it has one; else as `host`. */
  readonly target: string | undefined;
  /** `Origin` header. */
  readonly origin: string | undefined;
  /** In full. */
  readonly body: string;
  /** The client to whose address it came; `undefined` for the common address. */
  readonly client: SandboxClient | undefined;
  /** Aborted when the client leaves or the sandbox closes. */
  readonly signal: AbortSignal;
}

/** The parts that the control interface controls. */
export interface Control {
  /** The simulated Feishu. */
  readonly sandbox: Sandbox;
  /** Of its clock. */
  readonly followers: ClockFollowers;
  /** Addresses of single clients. */
  readonly clients: ClientAddresses;
}

type ControlHandler = (control: Control, request: ControlRequest) => Answer | Promise<Answer>;

const HANDLERS: Readonly<Record<string, ControlHandler>> = {
  "POST logins": createLogin,
  "GET clock": readClock,
  "POST clock": advanceClock,
  "POST faults": addFault,
  "GET faults": ({ sandbox }) => jsonAnswer(200, { faults: sandbox.faults.view() }),
  "DELETE faults": clearFaults,
  "POST clients": addClient,
  "DELETE clients": removeClient,
  "POST revoke": revoke,
  "POST device": decideOnDevice,
  "POST register": decideOnRegistration,
  "POST consent": setConsent,
  "POST behaviour": setBehaviour,
  "POST apps": putApp,
  "GET calls": showCalls,
  "GET state": showState,
  "POST reset": reset,
};

/**
 * Answers a control request. `Host` must be a loopback name: a page of a foreign name that resolves to this machine
 * sends its own. `Origin` must be one too: pages of other sites can send requests here, and cannot choose their
 * `Origin`. A request without `Origin` comes from a program.
 *
 * @throws the reason of the signal when it is aborted during a wait.
 */
export async function answerControl(control: Control, request: ControlRequest): Promise<Answer> {
  if (!isLoopbackHost(request.host) || !isLoopbackHost(request.target)) {
    return jsonAnswer(403, {
      error: "Cannot control the sandbox under this Host: send 127.0.0.1, localhost or [::1]",
    });
  }
  if (request.origin !== undefined && !isLoopbackHost(/^https?:\/\/(.+)$/i.exec(request.origin)?.[1])) {
    return jsonAnswer(403, {
      error:
        "Cannot control the sandbox from a page of this Origin: send no Origin, or open the page on this machine",
    });
  }
  const name = `${request.method} ${request.path.slice(CONTROL_PREFIX.length)}`;
  const handler = Object.hasOwn(HANDLERS, name) ? HANDLERS[name] : undefined;
  if (handler === undefined) {
    const known = Object.keys(HANDLERS).map((key) => key.replace(" ", ` ${CONTROL_PREFIX}`));
    return jsonAnswer(404, { error: `No such control call: send one of ${known.join(", ")}` });
  }
  try {
    return await handler(control, request);
  } catch (error) {
    if (error instanceof ControlRequestError) return jsonAnswer(400, { error: error.message });
    throw error;
  }
}

async function createLogin({ sandbox }: Control, request: ControlRequest): Promise<Answer> {
  const asked = readLoginRequest(request.body);
  const app = sandbox.app(asked.app_id);
  if (app === undefined) {
    const known = sandbox.apps.view().map(({ appId }) => appId).join(" or ");
    throw new ControlRequestError(`Cannot log in: app_id is unknown; send ${known}`);
  }
  const user = sandbox.user(app, asked.user);
  const pair = await logIn(sandbox, asked.generation, user, asked.scope);
  const code = sandbox.mint.code();
  sandbox.codes.add(code, { user, scope: asked.scope, atMs: sandbox.clock.now() });
  return jsonAnswer(200, {
    access_token: pair.accessToken,
    refresh_token: pair.refresh?.token,
    expires_in: pair.expiresInSeconds,
    refresh_token_expires_in: pair.refresh?.expiresInSeconds,
    scope: pair.scope,
    open_id: user.openId,
    code,
  });
}

async function readClock({ sandbox, followers }: Control, request: ControlRequest): Promise<Answer> {
  const after = readCount(request, "after");
  if (after !== undefined) await followers.poll(after, request.signal);
  return jsonAnswer(200, { ...clockBody(sandbox, request.client), seq: sandbox.clock.seq });
}

async function advanceClock({ sandbox, followers }: Control, request: ControlRequest): Promise<Answer> {
  sandbox.clock.advance(readAdvanceMs(request.body));
  await followers.settled(request.signal);
  return jsonAnswer(200, clockBody(sandbox));
}

function addFault({ sandbox }: Control, request: ControlRequest): Answer {
  return jsonAnswer(200, { id: sandbox.faults.add(readFaultRequest(request.body)) });
}

function clearFaults({ sandbox }: Control, request: ControlRequest): Answer {
  const id = readCount(request, "id");
  const cleared = id === undefined ? sandbox.faults.clear("proceed") : sandbox.faults.clearOne(id);
  return jsonAnswer(200, { cleared });
}

async function addClient({ sandbox, clients }: Control, request: ControlRequest): Promise<Answer> {
  const { name, clock_skew_seconds } = readClientRequest(request.body);
  const url = await clients.open(name, clock_skew_seconds * 1000);
  return jsonAnswer(200, { url, monotonic_ms: sandbox.clock.monotonic() });
}

async function removeClient({ clients }: Control, request: ControlRequest): Promise<Answer> {
  const name = request.query.get("name");
  if (name === null) throw new ControlRequestError("Cannot tell which client: send ?name=NAME");
  return jsonAnswer(200, { removed: await clients.close(name) ? 1 : 0 });
}

function showCalls({ sandbox }: Control, request: ControlRequest): Answer {
  const client = request.query.get("client") ?? undefined;
  return jsonAnswer(200, { calls: sandbox.calls.view(readCount(request, "after"), client) });
}

function revoke({ sandbox }: Control, request: ControlRequest): Answer {
  return jsonAnswer(200, { revoked: revokeOne(sandbox, readRevokeRequest(request.body)) });
}

function revokeOne({ families, accessTokens }: Sandbox, asked: RevokeRequest): number {
  if ("refresh_token" in asked) return families.revokeToken(asked.refresh_token);
  if ("open_id" in asked) return families.revokeUser(asked.open_id);
  return accessTokens.revoke(asked.access_token);
}

function decideOnDevice({ sandbox }: Control, request: ControlRequest): Answer {
  const action = readDeviceAction(request.body);
  if (!decideDevice(sandbox, action)) {
    throw new ControlRequestError(
      "Cannot decide: no login waits for this user_code; send the user_code of a login that was just started",
    );
  }
  return jsonAnswer(200, { user_code: action.userCode, action: action.action });
}

function decideOnRegistration({ sandbox }: Control, request: ControlRequest): Answer {
  const action = readRegistrationAction(request.body);
  if (!decideRegistration(sandbox, action)) {
    throw new ControlRequestError(
      "Cannot decide: no registration waits for this user_code; send the user_code of one that was just started",
    );
  }
  return jsonAnswer(200, { user_code: action.userCode, action: action.action });
}

function setConsent({ sandbox }: Control, request: ControlRequest): Answer {
  sandbox.consent.set(readConsentMode(request.body));
  return jsonAnswer(200, { ...sandbox.consent.mode });
}

function setBehaviour({ sandbox }: Control, request: ControlRequest): Answer {
  sandbox.behaviour.set(readSwitches(request.body));
  return jsonAnswer(200, { ...sandbox.behaviour.switches });
}

function putApp({ sandbox }: Control, request: ControlRequest): Answer {
  const { app_id, app_secret, kind, redirect_uris, scopes } = readAppRequest(request.body);
  const appId = app_id ?? `cli_5a4db0c0${Buffer.from(sandbox.random.bytes(4)).toString("hex")}`;
  const appSecret = app_secret ?? sandbox.app(appId)?.appSecret ?? sandbox.mint.code().slice(0, 32);
  const app = sandbox.apps.put({
    appId,
    appSecret,
    ...defined({ kind, redirectUris: redirect_uris, scopes }),
  });
  return jsonAnswer(200, { app_id: app.appId, app_secret: app.appSecret, kind: app.kind });
}

function showState({ sandbox }: Control): Answer {
  return jsonAnswer(200, {
    ...clockBody(sandbox),
    apps: sandbox.apps.view().map(({ appId, name }) => ({ app_id: appId, name })),
    users: sandbox.users().map(({ appId, openId, name }) => ({ app_id: appId, open_id: openId, name })),
    families: sandbox.families.view(),
    access_tokens: sandbox.accessTokens.view(sandbox.clock.now()),
  });
}

async function reset({ sandbox, followers, clients }: Control, request: ControlRequest): Promise<Answer> {
  sandbox.reset();
  await clients.closeAll();
  await followers.settled(request.signal);
  return jsonAnswer(200, clockBody(sandbox));
}

/** The clock with the skew of `client`. */
function clockBody(
  { clock }: Sandbox,
  client?: SandboxClient,
): { readonly now: number; readonly offset_seconds: number } {
  const skewMs = client?.clockSkewMs ?? 0;
  return { now: (clock.now() + skewMs) / 1000, offset_seconds: (clock.offsetMs + skewMs) / 1000 };
}

/** The whole number `name` of the query; `undefined` where it has none. */
function readCount(request: ControlRequest, name: string): number | undefined {
  const text = request.query.get(name);
  if (text === null) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ControlRequestError(`Cannot read ${name}: it is no whole number; send ?${name}=N or none`);
}

function isLoopbackHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? "");
}
