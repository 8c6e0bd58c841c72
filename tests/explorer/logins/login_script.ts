import type { LoginRequest } from "../../../src/ports/logins.ts";
import type { Schedule } from "../schedule.ts";
import type { LoginCall } from "./login_call.ts";
import { SCOPES } from "./login_moves.ts";
import { type LoginSwitches, PLAIN_FEISHU } from "./login_switches.ts";

/** A world with logins, in which Feishu does what `switches` say beside the plainest. */
export function withLogins(switches: Partial<LoginSwitches> = {}): { readonly logins: LoginSwitches } {
  return { logins: { ...PLAIN_FEISHU, ...switches } };
}

/** Somebody starts a login at `name`. */
export async function startAt(s: Schedule, name: string, request: LoginRequest = {}): Promise<LoginCall> {
  const { people } = s.world;
  const asked = { scopes: SCOPES.much ?? [], ...request };
  return await call(s, name, "is asked to log in", (process) => people.start(process, asked));
}

/** A person decides on Feishu's page. */
export async function decide(
  s: Schedule,
  code: string,
  what: "approved" | "denied" | "expired" = "approved",
  { person = "ann", scopes }: { readonly person?: string; readonly scopes?: readonly string[] } = {},
): Promise<void> {
  const { world } = s;
  await world.step(
    person,
    `has ${what} ${code}`,
    () => world.feishu.logins.decide(code, what, person, scopes),
  );
}

/** Somebody starts a login at `name`, nothing goes wrong, and the person approves. */
export async function approvedAt(s: Schedule, name: string, request: LoginRequest = {}): Promise<string> {
  const { outcome } = await finished(s, name, await startAt(s, name, request));
  if (outcome?.kind !== "told" || outcome.answer.kind !== "started") throw new Error("Not started");
  await decide(s, outcome.answer.code);
  return outcome.answer.code;
}

/** Somebody asks `name` how a login stands. */
export async function finishAt(
  s: Schedule,
  name: string,
  code: string,
  choice: { readonly replace?: boolean } = {},
): Promise<LoginCall> {
  const { people } = s.world;
  return await call(s, name, `is asked for ${code}`, (process) => people.finish(process, code, choice));
}

/** A login from its start to its end at `name`, in which nothing goes wrong. */
export async function logInAt(s: Schedule, name: string, request: LoginRequest = {}): Promise<string> {
  const code = await approvedAt(s, name, request);
  await finished(s, name, await finishAt(s, name, code));
  await s.rest();
  return code;
}

/** Somebody asks `name` for a user token. */
export async function tokenAt(s: Schedule, name: string): Promise<LoginCall> {
  return await call(s, name, "is asked for a token", (process) => s.world.people.token(process));
}

/** Ann logs out at `name`. */
export async function logOutAt(s: Schedule, name: string): Promise<LoginCall> {
  return await call(s, name, "is asked to log ann out", (process) => s.world.people.logOut(process));
}

/** Lets `name` alone go on until it has answered. */
export async function finished(s: Schedule, name: string, asked: LoginCall): Promise<LoginCall> {
  await s.goOn(name, () => asked.outcome !== undefined);
  return asked;
}

/** What a call was answered: the kind of the answer, or the code of an error. */
export function saidOf({ outcome }: LoginCall): string {
  if (outcome === undefined) return "nothing yet";
  if (outcome.kind === "failed") return outcome.error.code;
  if (outcome.kind === "broken") return "broken";
  const { answer } = outcome;
  if (answer.kind === "progress") return answer.progress.kind;
  if (answer.kind === "token") return answer.pair;
  return answer.kind === "ended" ? answer.upstream : answer.kind;
}

async function call(
  s: Schedule,
  name: string,
  what: string,
  ask: (process: ReturnType<Schedule["world"]["process"]>) => LoginCall,
): Promise<LoginCall> {
  const process = s.world.process(name);
  const made: LoginCall[] = [];
  await s.world.step(process.label, what, () => void made.push(ask(process)));
  const [asked] = made;
  if (asked === undefined) throw new Error("Nobody was asked");
  return asked;
}
