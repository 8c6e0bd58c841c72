import type { Chain } from "./chains.ts";
import type { FaultTools } from "./fault_tools.ts";
import { REFRESH_PATHS } from "./feishu_paths.ts";
import { hasIssued, isRefresh, type ObservedCall } from "./checker/observed_call.ts";
import { pause } from "../harness/pause.ts";
import type { ServerProgram } from "./server_program.ts";

/** A point of a renewal at which a process is killed, reached from outside. */
export interface KillPoint {
  /** For the table. */
  readonly name: string;
  /** Whether it can be reached now; absent where it always can. */
  readonly isPossible?: (tools: FaultTools) => boolean;
  /** Kills `program` there. Returns whether that succeeded; if not, it is still alive. */
  readonly kill: (program: ServerProgram, tools: FaultTools) => Promise<boolean>;
}

/** How long a process may take to reach the point: the store or the owner of a lease may hold it up. */
export const REACHED_WITHIN_MS = 3_000;
/** A few milliseconds pass from the moment the answer is let go until the pair is stored. */
export const AFTER_ANSWER_MS = 25;
/** The claim follows a question within milliseconds. */
export const AFTER_QUESTION_MS = 4;
const LIVES_AT_MOST_MS = 900;

/** At any time, whatever it does. */
export const AT_RANDOM: KillPoint = {
  name: "at random",
  async kill(program, { fleet, chance }): Promise<boolean> {
    await pause(chance.between(0, LIVES_AT_MOST_MS));
    await fleet.kill(program);
    return true;
  },
};

const AFTER_QUESTION: KillPoint = {
  name: "just asked, before or in the claim",
  kill: (program, tools) =>
    withChain(tools, async (chain) => {
      ask(program, chain, tools);
      await pause(tools.chance.between(0, AFTER_QUESTION_MS));
      await tools.fleet.kill(program);
      return true;
    }),
};

const CLAIMED: KillPoint = {
  name: "the claim seen in the store",
  kill: (program, tools) =>
    withChain(tools, async (chain) => {
      if (tools.store.isAway) return false;
      const place = await tools.probe.place(chain.newest);
      const before = await tools.probe.leaseVersion(place);
      const missed = ask(program, chain, tools);
      while (await tools.probe.leaseVersion(place) === before) {
        if (missed.aborted || tools.store.isAway) return false;
      }
      await tools.fleet.kill(program);
      return true;
    }),
};

const HELD_BEFORE: KillPoint = {
  name: "Feishu has the request, nothing changed",
  kill: (program, tools) =>
    withHeldCall(tools, program, "hang", async (chain) => {
      askElsewhere(chain, tools);
      await tools.fleet.kill(program);
      return true;
    }),
};

const HELD_AFTER: KillPoint = {
  name: "Feishu has made the change, the answer is held",
  kill: (program, tools) =>
    withHeldCall(tools, program, "hang_after", async (chain) => {
      askElsewhere(chain, tools);
      await tools.fleet.kill(program);
      return true;
    }),
};

const RELEASED: KillPoint = {
  name: "the answer has just been sent",
  kill: (program, tools) =>
    withHeldCall(tools, program, "hang_after", async (chain, release) => {
      askElsewhere(chain, tools);
      await release();
      await pause(tools.chance.between(0, AFTER_ANSWER_MS));
      await tools.fleet.kill(program);
      return true;
    }),
};

const JOURNALED: KillPoint = {
  name: "the pair in the journal, the store away",
  kill: (program, tools) =>
    withHeldCall(tools, program, "hang_after", async (_chain, release, call) => {
      const token = tools.chains.tokenWithHash(call.presented ?? "");
      if (token === undefined) return false;
      const place = await tools.probe.place(token);
      const folder = tools.journalOf(program.life.machine);
      return await tools.store.during(async () => {
        await release();
        const untilMs = performance.now() + REACHED_WITHIN_MS;
        while (!await tools.probe.isJournaled(folder, place)) {
          // A server that never journals is killed all the same: then the checker finds that the pair is missing.
          if (performance.now() > untilMs) break;
          await pause(1);
        }
        await tools.fleet.kill(program);
        return true;
      });
    }),
};

/** Every point, in the order of a renewal. */
export const KILL_POINTS: readonly KillPoint[] = [
  AT_RANDOM,
  AFTER_QUESTION,
  CLAIMED,
  HELD_BEFORE,
  HELD_AFTER,
  RELEASED,
  JOURNALED,
];

/** Borrows a chain that is renewed when it is presented. */
async function withChain<T>(tools: FaultTools, use: (chain: Chain) => Promise<T>): Promise<T> {
  const chain = await tools.chains.borrow();
  try {
    return await use(chain);
  } finally {
    chain.isBorrowed = false;
  }
}

/** Lets `program` present a refresh token and Feishu hold the call; `release` lets Feishu answer. */
function withHeldCall(
  tools: FaultTools,
  program: ServerProgram,
  kind: "hang" | "hang_after",
  use: (chain: Chain, release: () => Promise<void>, call: ObservedCall) => Promise<boolean>,
): Promise<boolean> {
  const { feishu, calls } = tools;
  return withChain(tools, async (chain) => {
    const client = program.life.name;
    const fault = await feishu.setFault({ kind, client, path: REFRESH_PATHS[chain.generation], times: 1 });
    try {
      const missed = ask(program, chain, tools);
      const isHeld = (call: ObservedCall): boolean =>
        isRefresh(call) && call.end === undefined &&
        (kind === "hang" ? call.outcome === "pending" : hasIssued(call));
      const call = await calls.callBy(client, isHeld, missed);
      return call !== null && await use(chain, () => feishu.clearFault(fault), call);
    } finally {
      await feishu.clearFault(fault);
    }
  });
}

/** Asks for a renewal. The signal is aborted where the point is missed: the answer is there, or it takes too long. */
function ask(program: ServerProgram, chain: Chain, { callers }: FaultTools): AbortSignal {
  const answered = new AbortController();
  callers.soon(() => callers.ask(program, chain, chain.newest).finally(() => answered.abort()));
  return AbortSignal.any([answered.signal, AbortSignal.timeout(REACHED_WITHIN_MS)]);
}

/** Asks other processes for the same chain, so that one of them takes over. */
function askElsewhere(chain: Chain, { callers, fleet, chance }: FaultTools): void {
  for (const program of chance.shuffled(fleet.awake).slice(0, 2)) {
    callers.soon(() => callers.ask(program, chain, chain.presentable(chance)));
  }
}
