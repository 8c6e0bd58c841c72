import * as z from "zod";
import { once } from "../once.ts";
import { defined } from "../defined.ts";
import { ERROR_TABLE, type ErrorCode } from "../errors/error_table.ts";
import type { Phrase } from "../errors/language.ts";
import type { Brand } from "../brand.ts";
import type { RefreshEndpoint } from "../ports/feishu.ts";
import type { LoginOwner } from "../ports/login_owner.ts";
import type { KeptLogin, LoginUser } from "../ports/logins.ts";
import type { ValueForm } from "../ports/sealed_values.ts";
import type { LoginPlace } from "../tokens/grants/logins.ts";
import { Secret } from "../secret.ts";

/**
 * What has become of a login.
 *
 * - `waiting`: for the person, or for Feishu's answer to the one presentation of an imported refresh token.
 * - `issued`: Feishu has issued the pair, which is in the record of the kind `login`.
 * - `identified`: it is known whose it is.
 * - `narrower`: it has fewer scopes than the grant that it would replace, and somebody has to choose.
 * - `done`: the grant is stored.
 * - `failed`: for the reason in `failure`.
 */
export type LoginPhase = "waiting" | "issued" | "identified" | "narrower" | "done" | "failed";

/** One login, from its start to a day after its end. */
export interface LoginRecord {
  /** The handle, 128 random bits. Keys have only its keyed hash. */
  readonly id: Secret;
  /** `device`: by the device flow. `import`: by the refresh token of another tool. */
  readonly flow: "device" | "import";
  /** Whose login it is. */
  readonly owner: LoginOwner;
  /** Brand of the app. */
  readonly brand: Brand;
  /** Brand that the app's records are named by, where it is not `brand`. */
  readonly recordBrand?: Brand;
  /** Id of the app. */
  readonly appId: string;
  /** The address of Feishu's API, where it is not the brand's own: its code means nothing to another Feishu. */
  readonly at?: string;
  /** The scopes asked for, sorted. */
  readonly asked: readonly string[];
  /** The `open_id` that is expected. */
  readonly expects?: string;
  /** Whether another person than the one logged in is welcome. */
  readonly another: boolean;
  /** Whether it may replace a grant that has more scopes. */
  readonly replace: boolean;
  /** Presented once: the device code, or the refresh token. It never leaves the server. */
  readonly presented: Secret;
  /** What the person types. */
  readonly userCode: string;
  /** Page on which the person agrees, with the code filled in where Feishu offers that. */
  readonly verificationUrl: string;
  /** Unix milliseconds. */
  readonly startedAtMs: number;
  /** When Feishu's code ends, Unix milliseconds. */
  readonly expiresAtMs: number;
  /** Pause between two polls, in milliseconds. Feishu may lengthen it for the rest of the flow. */
  readonly intervalMs: number;
  /** The process that polls unless it is dead or late. */
  readonly poller: { readonly machine: string; readonly process: string };
  /** Version of the first write of this record: tells whether a logout came later. Absent in the first write itself. */
  readonly began?: string;
  /** How far it is. */
  readonly phase: LoginPhase;
  /** When the phase began, Unix milliseconds. */
  readonly changedAtMs: number;
  /** Generation of endpoints that issued the pair. */
  readonly endpoint?: RefreshEndpoint;
  /** Who it was. */
  readonly who?: LoginUser & { readonly unionId?: string };
  /** Place of the grant's first pair in the order of records, where the pair has no claims that order it. */
  readonly place?: LoginPlace;
  /** While narrower: the scopes of both, and until when somebody may choose. */
  readonly narrower?: Narrower;
  /** Of a login that is done. */
  readonly outcome?: DoneLogin;
  /** Of a login that has failed. */
  readonly failure?: LoginFailure;
  /** Whether the pair in the record of the kind `login` is destroyed: it is in the grant, or wanted no more. */
  readonly isCleared: boolean;
  /** Whether its link is given to nobody else: somebody has logged out since, for whom it would bring nothing back. */
  readonly isWithdrawn?: boolean;
}

/** A choice between a kept grant and a login with fewer scopes. */
export interface Narrower {
  /** Scopes of the grant. */
  readonly kept: readonly string[];
  /** Scopes of the login. */
  readonly offered: readonly string[];
  /** Unix milliseconds. Afterwards the grant stays. */
  readonly decideByMs: number;
}

/** The outcome that is told for a day. */
export interface DoneLogin {
  /** As it was when the login was done. */
  readonly login: Omit<KeptLogin, "problem">;
  /** Scopes that were asked for and not granted. */
  readonly missing: readonly string[];
  /** What needs attention. */
  readonly warning?: ErrorCode;
}

/** Why a login has failed. */
export interface LoginFailure {
  /** Of the error table. */
  readonly code: ErrorCode;
  /** Feishu's code, where it gave one. */
  readonly feishuCode?: number;
  /** Feishu's `X-Tt-Logid`. */
  readonly logId?: string;
  /** What happened, where the code does not say it. */
  readonly detail?: Phrase;
}

/** Whether nothing more happens to a login by itself. */
export function isFinal({ phase }: LoginRecord): boolean {
  return phase === "done" || phase === "failed";
}

/** Made at the first login: most processes see none before they have answered. */
const loginSchema = once(() => {
  const textsSchema = z.array(z.string());
  const phraseSchema = z.object({ en: z.string(), zh: z.string() });
  const brandSchema = z.enum(["feishu", "lark"]);
  const codeSchema = z.string().transform((code): ErrorCode =>
    Object.hasOwn(ERROR_TABLE, code) ? code as ErrorCode : "feishu_refused"
  );
  const secretSchema = z.string().transform((text) => new Secret(text));
  const userSchema = z.object({
    openId: z.string(),
    name: z.string().exactOptional(),
    tenantKey: z.string().exactOptional(),
  });

  const keptLoginSchema = z.object({
    brand: brandSchema,
    appId: z.string(),
    user: userSchema,
    scope: z.string(),
    accessTokenExpiresAtMs: z.number(),
    refreshTokenExpiresAtMs: z.number().exactOptional(),
    loginEndsAtMs: z.number().exactOptional(),
    renewable: z.boolean(),
    lastRenewedAtMs: z.number(),
    nextRenewalAtMs: z.number().exactOptional(),
    needsLogin: z.boolean(),
  });

  return z.object({
    id: secretSchema,
    flow: z.enum(["device", "import"]),
    owner: z.union([z.enum(["local", "session"]), z.templateLiteral(["key:", z.string()])]),
    brand: brandSchema,
    recordBrand: brandSchema.exactOptional(),
    appId: z.string(),
    at: z.string().exactOptional(),
    asked: textsSchema,
    expects: z.string().exactOptional(),
    another: z.boolean(),
    replace: z.boolean(),
    presented: secretSchema,
    userCode: z.string(),
    verificationUrl: z.string(),
    startedAtMs: z.number(),
    expiresAtMs: z.number(),
    intervalMs: z.number(),
    poller: z.object({ machine: z.string(), process: z.string() }),
    began: z.string().exactOptional(),
    phase: z.enum(["waiting", "issued", "identified", "narrower", "done", "failed"]),
    changedAtMs: z.number(),
    endpoint: z.enum(["v1", "oidc", "v2", "v3"]).exactOptional(),
    who: userSchema.extend({ unionId: z.string().exactOptional() }).exactOptional(),
    place: z.object({
      login: z.number(),
      gen: z.number(),
      wall: z.string().exactOptional(),
    }).exactOptional(),
    narrower: z.object({
      kept: textsSchema,
      offered: textsSchema,
      decideByMs: z.number(),
    }).exactOptional(),
    outcome: z.object({ login: keptLoginSchema, missing: textsSchema, warning: codeSchema.exactOptional() })
      .exactOptional(),
    failure: z.object({
      code: codeSchema,
      feishuCode: z.number().exactOptional(),
      logId: z.string().exactOptional(),
      detail: phraseSchema.exactOptional(),
    }).exactOptional(),
    isCleared: z.boolean(),
    isWithdrawn: z.boolean().exactOptional(),
  });
});

/** The namespace of logins among the sealed values of a store, and the form of a login. */
export const LOGIN_VALUES: ValueForm<LoginRecord> = {
  namespace: "login",
  encode: ({ id, presented, ...rest }) => ({ ...rest, id: id.reveal(), presented: presented.reveal() }),
  decode: (stored) => loginSchema().parse(stored),
};

/** The failure that an error stands for, to be told again later. */
export function failureOf(
  { code, detail: { feishuCode, logId, detail } }: {
    readonly code: ErrorCode;
    readonly detail: Omit<LoginFailure, "code">;
  },
): LoginFailure {
  return { code, ...defined({ feishuCode, logId, detail }) };
}
