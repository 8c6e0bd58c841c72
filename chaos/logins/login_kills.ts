import { pause } from "../../harness/pause.ts";
import { hasIssued, type ObservedCall } from "../checker/observed_call.ts";
import type { FaultTools } from "../fault_tools.ts";
import { AFTER_ANSWER_MS, AFTER_QUESTION_MS, REACHED_WITHIN_MS } from "../kill_points.ts";
import type { ServerProgram } from "../server_program.ts";
import type { Person } from "./people.ts";

/** What a point does with a login that a person has agreed to, or with the login of a person. */
export type Use = (
  asked: Asked,
  tools: FaultTools & { readonly release?: () => Promise<void> },
) => Promise<boolean>;

/** A question that may lead to the point. */
export interface Asked {
  readonly program: ServerProgram;
  readonly person: Person;
  /** Asks it. The signal is aborted where the point is missed. */
  readonly ask: () => AbortSignal;
  /** Asks others the same. */
  readonly askElsewhere: () => void;
}

/** Kills while Feishu holds a call of the process, or after it was let go. */
export function held(
  kind: "hang" | "hang_after",
  path: string,
  fits: (call: ObservedCall) => boolean,
  after: Use,
): Use {
  return async (asked, tools) => {
    const { feishu, calls } = tools;
    const client = asked.program.life.name;
    const fault = await feishu.setFault({ kind, client, path, times: 1 });
    try {
      const missed = asked.ask();
      const isHeld = (call: ObservedCall): boolean =>
        fits(call) && call.end === undefined &&
        (kind === "hang" ? call.outcome === "pending" : hasIssued(call));
      if (await calls.callBy(client, isHeld, missed) === null) return false;
      return await after(asked, { ...tools, release: () => feishu.clearFault(fault) });
    } finally {
      await feishu.clearFault(fault);
    }
  };
}

/** Kills at once. */
export const killNow: Use = async ({ program, askElsewhere }, { fleet }) => {
  askElsewhere();
  await fleet.kill(program);
  return true;
};

/** Lets Feishu answer, and kills while the answer is read and stored. */
export const killSoon: Use = async ({ program, askElsewhere }, { fleet, chance, release }) => {
  askElsewhere();
  await release?.();
  await pause(chance.between(0, AFTER_ANSWER_MS));
  await fleet.kill(program);
  return true;
};

/** Asks, and kills before much can have happened. */
export const killAsked: Use = async ({ program, ask }, { fleet, chance }) => {
  ask();
  await pause(chance.between(0, AFTER_QUESTION_MS));
  await fleet.kill(program);
  return true;
};

/** Lets Feishu answer while the store is away, and kills once the pair is in the journal. */
export const killJournaled: Use = ({ program }, { store, probe, journalOf, fleet, release }) =>
  store.during(async () => {
    const folder = journalOf(program.life.machine);
    const before = await probe.journaledLogins(folder);
    await release?.();
    const untilMs = performance.now() + REACHED_WITHIN_MS;
    while (await probe.journaledLogins(folder) <= before && performance.now() < untilMs) await pause(1);
    await fleet.kill(program);
    return true;
  });

/** Asks, and kills as soon as the store has a new pair of the person's grant. */
export const killStored: Use = async ({ program, person, ask }, { store, probe, fleet }) => {
  if (store.isAway) return false;
  const before = await probe.grantVersion(person.openId);
  const missed = ask();
  while (await probe.grantVersion(person.openId) === before) {
    if (missed.aborted || store.isAway) return false;
  }
  await fleet.kill(program);
  return true;
};
