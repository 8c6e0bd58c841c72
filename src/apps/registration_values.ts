import * as z from "zod";
import { once } from "../once.ts";
import { defined } from "../defined.ts";
import type { WaitingRegistration } from "../ports/app_registrar.ts";
import type { ValueForm } from "../ports/sealed_values.ts";
import { Secret } from "../secret.ts";

/** What the store has of a registration, so that the end of a process loses none. */
export interface RegistrationRecord extends WaitingRegistration {
  /** Fetches the app's secret. */
  readonly deviceCode: Secret;
  /** Shortest pause between two polls, in milliseconds. */
  readonly intervalMs: number;
  /** Whose accounts host is asked. */
  readonly polledAt: "feishu" | "lark";
  /** Of the process's Feishu. */
  readonly at?: string;
}

const brandSchema = z.enum(["feishu", "lark"]);

const recordSchema = once(() =>
  z.object({
    name: z.string(),
    brand: brandSchema,
    pageUrl: z.string(),
    userCode: z.string(),
    expiresAtMs: z.number(),
    deviceCode: z.string(),
    intervalMs: z.number(),
    polledAt: brandSchema,
    at: z.string().optional(),
  })
);

/** Registrations in the store, by the name that the app is to have. */
export const REGISTRATION_VALUES: ValueForm<RegistrationRecord> = {
  namespace: "registration",
  encode: (record) => ({ ...record, deviceCode: record.deviceCode.reveal() }),
  decode: (stored) => {
    const { at, deviceCode, ...rest } = recordSchema().parse(stored);
    return { ...rest, deviceCode: new Secret(deviceCode), ...defined({ at }) };
  },
};
