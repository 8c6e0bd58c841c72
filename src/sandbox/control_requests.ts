import * as z from "zod";
import { type BehaviourSwitches, USUAL_BEHAVIOUR } from "./behaviour.ts";
import type { ConsentMode } from "./consent.ts";
import type { DeviceAction } from "./endpoints_device.ts";
import type { RegistrationAction } from "./endpoints_registration.ts";
import { FAULT_KINDS, type FaultRequest } from "./faults.ts";
import { DEFAULT_SANDBOX_APP } from "./sandbox_apps.ts";
import { type Generation, GENERATIONS } from "./token_lifetimes.ts";

/** A control request with a body or query that cannot be used. Its message says what to send. */
export class ControlRequestError extends Error {
  /** Makes the error. */
  constructor(message: string) {
    super(message);
    this.name = "ControlRequestError";
  }
}

/** Body of `POST /_sandbox/logins`. */
export interface LoginRequest {
  /** Of the endpoints through which the user logs in. */
  readonly generation: Generation;
  /** Name. */
  readonly user: string;
  /** Space-separated. */
  readonly scope: string;
  /** Of the app that the user authorizes. */
  readonly app_id: string;
}

/** Body of `POST /_sandbox/clients`. */
export interface ClientRequest {
  /** Recorded with its calls. */
  readonly name: string;
  /** By how much its clock is ahead of the sandbox's; negative where it is behind. */
  readonly clock_skew_seconds: number;
}

/** Body of `POST /_sandbox/revoke`: one of the three fields. `access_token` is a user's, an app's or a tenant's. */
export type RevokeRequest =
  | { readonly refresh_token: string }
  | { readonly open_id: string }
  | { readonly access_token: string };

const REGISTER_ACTIONS = ["approve", "deny", "expire", "forbid", "await_approval"] as const;

/** Body of `POST /_sandbox/apps`. */
export interface AppRequest {
  /** An existing app is changed. Generated where absent. */
  readonly app_id?: string | undefined;
  /** Where absent, that of the existing app, or a generated one. */
  readonly app_secret?: string | undefined;
  /** Kind of app. */
  readonly kind?: "custom" | "store" | undefined;
  /** To which the authorize page may send browsers back. */
  readonly redirect_uris?: readonly string[] | undefined;
  /** Scopes that the app may request. */
  readonly scopes?: readonly string[] | undefined;
}

const HOUR_MS = 3_600_000;

/** Keeps every time that the sandbox computes within the range of `Date`. */
const FARTHEST_ADVANCE_SECONDS = 1_000_000_000;

const text = z.string().min(1);

const Login = z.strictObject({
  generation: z.enum(GENERATIONS),
  user: text.default("Ada"),
  scope: z.string().default("auth:user.id:read offline_access"),
  app_id: text.default(DEFAULT_SANDBOX_APP.appId),
});

const Clock = z.strictObject({
  advance_seconds: z.number().min(-FARTHEST_ADVANCE_SECONDS).max(FARTHEST_ADVANCE_SECONDS),
});

const Fault = z.strictObject({
  path: z.string().transform(toRegExp).optional(),
  client: text.optional(),
  times: z.int().min(1).optional(),
  kind: z.enum(FAULT_KINDS),
  ms: z.number().min(0).max(HOUR_MS).optional(),
  code: z.int().optional(),
  status: z.int().min(200).max(599).optional(),
  challenge_url: z.string().optional(),
});

const Client = z.strictObject({
  name: text.max(100),
  clock_skew_seconds: z.number().min(-FARTHEST_ADVANCE_SECONDS).max(FARTHEST_ADVANCE_SECONDS).default(0),
});

const DEVICE_ACTIONS = ["approve", "deny", "expire"] as const;
const Device = z.strictObject({
  user_code: text,
  action: z.enum(DEVICE_ACTIONS),
  user: text.default("Ada"),
  scope: z.string().optional(),
});

const Register = z.strictObject({
  user_code: text,
  action: z.enum(REGISTER_ACTIONS),
  brand: z.enum(["feishu", "lark"]).default("feishu"),
  user: text.default("Ada"),
});

const CONSENT_MODES = ["page", "approve", "deny"] as const;
const ConsentBody = z.strictObject({
  mode: z.enum(CONSENT_MODES),
  user: text.default("Ada"),
  scope: z.string().optional(),
});

const SWITCH_NAMES = Object.keys(USUAL_BEHAVIOUR) as (keyof BehaviourSwitches)[];
const Switches = z.partialRecord(z.enum(SWITCH_NAMES), z.boolean());

const App = z.strictObject({
  app_id: text.regex(/^cli_\w+$/).optional(),
  app_secret: text.optional(),
  kind: z.enum(["custom", "store"]).optional(),
  redirect_uris: z.array(z.url()).optional(),
  scopes: z.array(text).optional(),
});

const Revoke = z.union([
  z.strictObject({ refresh_token: text }),
  z.strictObject({ open_id: text }),
  z.strictObject({ access_token: text }),
]);

/** Reads the body of `POST /_sandbox/logins`. @throws ControlRequestError for any other body. */
export function readLoginRequest(body: string): LoginRequest {
  return read(Login, body, `{generation: ${GENERATIONS.map(quote).join(" | ")}, user?, scope?, app_id?}`);
}

/** Reads the body of `POST /_sandbox/clock` into milliseconds. @throws ControlRequestError for any other body. */
export function readAdvanceMs(body: string): number {
  return Math.round(read(Clock, body, "{advance_seconds: number}").advance_seconds * 1000);
}

/** Reads the body of `POST /_sandbox/faults`. @throws ControlRequestError for any other body. */
export function readFaultRequest(body: string): FaultRequest {
  const kinds = FAULT_KINDS.map(quote).join(" | ");
  return read(
    Fault,
    body,
    `{path?: regular expression, client?, times?: 1 or more, kind: ${kinds}, ms?, code?, status?, challenge_url?}`,
  );
}

/** Reads the body of `POST /_sandbox/clients`. @throws ControlRequestError for any other body. */
export function readClientRequest(body: string): ClientRequest {
  return read(Client, body, "{name, clock_skew_seconds?}");
}

/** Reads the body of `POST /_sandbox/revoke`. @throws ControlRequestError for any other body. */
export function readRevokeRequest(body: string): RevokeRequest {
  return read(Revoke, body, "{refresh_token}, {open_id} or {access_token}");
}

/** Reads the body of `POST /_sandbox/device`. @throws ControlRequestError when it is another one. */
export function readDeviceAction(body: string): DeviceAction {
  const wanted = `{user_code, action: ${DEVICE_ACTIONS.map(quote).join(" | ")}, user?, scope?}`;
  const { user_code, ...rest } = read(Device, body, wanted);
  return { userCode: user_code, ...rest };
}

/** Reads the body of `POST /_sandbox/register`. @throws ControlRequestError when it is another one. */
export function readRegistrationAction(body: string): RegistrationAction {
  const wanted = `{user_code, action: ${REGISTER_ACTIONS.map(quote).join(" | ")}, brand?, user?}`;
  const { user_code, ...rest } = read(Register, body, wanted);
  return { userCode: user_code, ...rest };
}

/** Reads the body of `POST /_sandbox/consent`. @throws ControlRequestError when it is another one. */
export function readConsentMode(body: string): ConsentMode {
  return read(ConsentBody, body, `{mode: ${CONSENT_MODES.map(quote).join(" | ")}, user?, scope?}`);
}

/** Reads the body of `POST /_sandbox/behaviour`. @throws ControlRequestError when it is another one. */
export function readSwitches(body: string): Partial<BehaviourSwitches> {
  return read(Switches, body, `{${SWITCH_NAMES.map((name) => `${name}?`).join(", ")}}, each true or false`);
}

/** Reads the body of `POST /_sandbox/apps`. @throws ControlRequestError when it is another one. */
export function readAppRequest(body: string): AppRequest {
  return read(App, body, '{app_id?, app_secret?, kind?: "custom" | "store", redirect_uris?, scopes?}');
}

function read<T>(schema: z.ZodType<T>, body: string, wanted: string): T {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new ControlRequestError(`Cannot read the body: it is not JSON; send ${wanted}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const found = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  throw new ControlRequestError(`Cannot use the body: ${found.join("; ")}; send ${wanted}`);
}

function toRegExp(source: string, context: z.RefinementCtx): RegExp {
  try {
    return new RegExp(source);
  } catch {
    context.addIssue({ code: "custom", message: "not a regular expression" });
    return z.NEVER;
  }
}

function quote(word: string): string {
  return `"${word}"`;
}
