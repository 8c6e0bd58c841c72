import { z } from "zod";

const LoginSchema = z.object({ refresh_token: z.string() });

/** Lets a user log in at the sandbox at `sandboxUrl`; the refresh token. */
export async function logInAt(sandboxUrl: string): Promise<string> {
  const response = await fetch(`${sandboxUrl}/_sandbox/logins`, {
    method: "POST",
    body: JSON.stringify({ generation: "v2" }),
  });
  return LoginSchema.parse(await response.json()).refresh_token;
}
