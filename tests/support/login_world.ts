import assert from "node:assert/strict";
import type { LoginProgress, LoginRequest, StartedLogin } from "../../src/ports/logins.ts";
import type { CallContext } from "../../src/ports/tokens.ts";
import type { TokenProcess, TokenWorld } from "./token_world.ts";

/** What a person does on Feishu's page. */
export interface Decision {
  readonly action?: "approve" | "deny" | "expire";
  /** A name, made at first use, or an `open_id`. */
  readonly user?: string;
  /** Granted instead of what was asked for. */
  readonly scope?: string;
}

/** The context of a call by the person who uses this machine. */
export function localCall(world: TokenWorld): CallContext {
  return { ...world.call(), owner: "local" };
}

/** The person who was shown a login's code decides. */
export async function decide(
  world: TokenWorld,
  { userCode }: StartedLogin,
  decision: Decision = {},
): Promise<void> {
  await world.control("POST", "device", { user_code: userCode, action: "approve", user: "ann", ...decision });
}

/** Starts a login in `process`. */
export async function startLogin(
  world: TokenWorld,
  process: TokenProcess,
  request: LoginRequest = {},
): Promise<StartedLogin> {
  return await process.logins.start(world.credentials, request, localCall(world));
}

/** Asks `process` how a login stands. */
export async function finishLogin(
  world: TokenWorld,
  process: TokenProcess,
  { loginId }: StartedLogin,
  choice: { readonly replace?: boolean } = {},
): Promise<LoginProgress> {
  return await process.logins.finish(world.credentials, loginId, choice, localCall(world));
}

/** A login from its start to its end, polled at its pace by the world's own time. */
export async function logIn(
  world: TokenWorld,
  process: TokenProcess,
  decision: Decision = {},
  request: LoginRequest = {},
): Promise<Extract<LoginProgress, { kind: "done" }>> {
  const started = await startLogin(world, process, request);
  await decide(world, started, decision);
  const progress = await finishLogin(world, process, started);
  assert.equal(progress.kind, "done");
  return progress as Extract<LoginProgress, { kind: "done" }>;
}
