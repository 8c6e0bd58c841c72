import { z } from "zod";

/** Answer of `GET /_sandbox/calls`. */
export const Calls = z.object({
  calls: z.array(z.object({
    seq: z.number(),
    at: z.number(),
    path: z.string(),
    grant_type: z.string().optional(),
    presented: z.string().optional(),
    outcome: z.enum(["accepted", "refused", "dropped_before", "dropped_after", "pending"]),
    code: z.number().nullable(),
    log_id: z.string(),
    via: z.object({
      client: z.string(),
      began_ms: z.number(),
      ended_ms: z.number().optional(),
      end: z.enum(["answered", "cut", "left"]).optional(),
    }).optional(),
  })),
});
/** Answer of `GET /_sandbox/state`. */
export const State = z.object({
  families: z.array(z.object({
    id: z.number(),
    redeemed: z.string().optional(),
    open_id: z.string(),
    authorized_at: z.number(),
    refresh_tokens: z.array(z.object({ hash: z.string(), expires_at: z.number() })),
  })),
});
/** Answer of `POST /_sandbox/clients`. */
export const Client = z.object({ url: z.string(), monotonic_ms: z.number() });
/** Answer of `POST /_sandbox/logins`. */
export const Login = z.object({ refresh_token: z.string() });
/** Answer of `POST /_sandbox/faults`. */
export const FaultId = z.object({ id: z.number() });
/** Answer of `GET /_sandbox/clock`. */
export const Clock = z.object({ now: z.number() });
/** Answer of Any API of Feishu's. */
export const Coded = z.object({ code: z.number() });
