import * as z from "zod";
import { defined } from "../../defined.ts";
import type { LoginUser } from "../../ports/logins.ts";

/** The output field of a person next to their login or token. */
export const USER_FIELD: z.ZodObject<
  { open_id: z.ZodString; name: z.ZodOptional<z.ZodString> },
  z.core.$strict
> = z.strictObject({
  open_id: z.string().describe("The person's open_id, which is different for each app."),
  name: z.string().optional().describe("The person's name, where Feishu tells it."),
}).describe("Whose login it is.");

/** The value of {@linkcode USER_FIELD} for `user`. */
export function userField({ openId, name }: LoginUser): z.input<typeof USER_FIELD> {
  return { open_id: openId, ...defined({ name }) };
}
