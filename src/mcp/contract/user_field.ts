import * as z from "zod";
import { defined } from "../../defined.ts";
import type { LoginUser } from "../../ports/logins.ts";

/** The schema of a person next to their login or token. */
export type UserSchema = z.ZodObject<
  { open_id: z.ZodString; name: z.ZodOptional<z.ZodString> },
  z.core.$strict
>;

/** Makes the schema of the output field of a person next to their login or token. */
export function userSchema(): UserSchema {
  return z.strictObject({
    open_id: z.string().describe("The person's open_id, which is different for each app."),
    name: z.string().optional().describe("The person's name, where Feishu tells it."),
  }).describe("Whose login it is.");
}

/** The value of {@linkcode userSchema} for `user`. */
export function userField({ openId, name }: LoginUser): z.input<UserSchema> {
  return { open_id: openId, ...defined({ name }) };
}
