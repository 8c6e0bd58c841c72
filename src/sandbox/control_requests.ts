import { z } from "zod";
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
});

const Client = z.strictObject({
  name: text.max(100),
  clock_skew_seconds: z.number().min(-FARTHEST_ADVANCE_SECONDS).max(FARTHEST_ADVANCE_SECONDS).default(0),
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
    `{path?: regular expression, client?, times?: 1 or more, kind: ${kinds}, ms?, code?, status?}`,
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
