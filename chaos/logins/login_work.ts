import type { Chance } from "../../harness/chance.ts";
import { pause } from "../../harness/pause.ts";
import type { Fleet } from "../fleet.ts";
import type { Epochs } from "./epochs.ts";
import type { LoginCallers } from "./login_callers.ts";
import type { LoginHistory } from "./login_history.ts";
import type { People, Person } from "./people.ts";

/** What logins are done with. */
export interface LoginTools {
  readonly people: People;
  readonly history: LoginHistory;
  readonly callers: LoginCallers;
  readonly epochs: Epochs;
  /** Aborted when the kills are over. */
  readonly over: AbortSignal;
}

const PAUSE_MS = { least: 100, most: 900 };
const LOGOUT_SHARE = 0.5;
const DENY_SHARE = 0.06;

/** Logs people in and out, one after another, until the kills are over. */
export async function logInAndOut(tools: LoginTools, chance: Chance): Promise<void> {
  const { people, epochs, over } = tools;
  while (!over.aborted) {
    await pause(chance.between(PAUSE_MS.least, PAUSE_MS.most), over);
    const leave = epochs.enter();
    if (leave === null) continue;
    const person = people.borrow(chance, ({ isSleeper, isIn }) => !isSleeper || isIn !== true);
    try {
      if (person !== null) await next(person, tools, chance);
    } finally {
      if (person !== null) people.giveBack(person);
      leave();
    }
  }
}

async function next(person: Person, { callers, over }: LoginTools, chance: Chance): Promise<void> {
  const given = { chance, signal: over };
  if (person.isIn) {
    await callers.tokenAlone(person, given);
    if (chance.fraction() < LOGOUT_SHARE) return await callers.logOut(person, given);
  }
  const isDenied = !person.isSleeper && chance.fraction() < DENY_SHARE;
  const wasIn = person.isIn;
  const login = await callers.begin(person, isDenied ? "deny" : "approve", given);
  if (login === null) return;
  await callers.settle(person, login, given);
  // A no changes nothing of the login before.
  if (isDenied) person.isIn = wasIn;
}

/** Asks any process for anyone's token, whether or not they are logged in. */
export async function askForSomeone(
  { people, callers }: LoginTools,
  fleet: Fleet,
  chance: Chance,
  signal: AbortSignal,
): Promise<void> {
  const person = people.any(chance);
  const program = await fleet.anyAwake(chance, signal);
  if (program !== null) await callers.token(program, person, false);
}
