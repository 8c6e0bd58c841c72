import { isPoll, isRefresh, type ObservedCall } from "../checker/observed_call.ts";
import type { FaultTools } from "../fault_tools.ts";
import { POLL_PATH, USER_INFO_PATH } from "../feishu_paths.ts";
import { type KillPoint, REACHED_WITHIN_MS } from "../kill_points.ts";
import type { ServerProgram } from "../server_program.ts";
import type { LoginUnderWay } from "./login_history.ts";
import {
  type Asked,
  held,
  killAsked,
  killJournaled,
  killNow,
  killSoon,
  killStored,
  type Use,
} from "./login_kills.ts";
import type { LoginTools } from "./login_work.ts";
import type { Person } from "./people.ts";

const isUserInfo = ({ path }: ObservedCall): boolean => path.includes(USER_INFO_PATH);

/** Every point of a login, in the order of its steps. */
export const LOGIN_KILL_POINTS: readonly KillPoint[] = [
  atLogin("a login: just asked how it stands", killAsked),
  atLogin("a login: Feishu has the device code, nothing changed", held("hang", POLL_PATH, isPoll, killNow)),
  atLogin(
    "a login: Feishu has issued the pair, the answer is held",
    held("hang_after", POLL_PATH, isPoll, killNow),
  ),
  atLogin("a login: the pair has just been sent", held("hang_after", POLL_PATH, isPoll, killSoon)),
  atLogin(
    "a login: the pair in the journal, the store away",
    held("hang_after", POLL_PATH, isPoll, killJournaled),
  ),
  atLogin("a login: Feishu is asked whose it is", held("hang", USER_INFO_PATH, isUserInfo, killNow)),
  atLogin(
    "a login: Feishu has just said whose it is",
    held("hang_after", USER_INFO_PATH, isUserInfo, killSoon),
  ),
  atLogin("a login: the grant seen in the store", killStored),
  atGrant(
    "a grant: Feishu has made the change, the answer is held",
    held("hang_after", POLL_PATH, isRefresh, killNow),
  ),
  atGrant("a grant: the answer has just been sent", held("hang_after", POLL_PATH, isRefresh, killSoon)),
];

/** A point of a login that a person has just agreed to. Afterwards the login is brought to its end elsewhere. */
function atLogin(name: string, use: Use): KillPoint {
  return {
    name,
    isPossible: ({ logins }) => logins?.epochs.isOpen === true,
    async kill(program, tools): Promise<boolean> {
      const { logins, chance } = tools;
      const leave = logins?.epochs.enter();
      if (logins === undefined || leave === null || leave === undefined) return false;
      const person = logins.people.borrow(chance, ({ isSleeper }) => !isSleeper);
      let isSettling = false;
      try {
        if (person === null) return false;
        const given = { chance, signal: AbortSignal.any([logins.over, AbortSignal.timeout(10_000)]) };
        const login = await logins.callers.begin(person, "approve", { ...given, except: program });
        if (login === null) return false;
        const isKilled = await use(askedOfLogin(program, person, login, tools, logins), tools);
        isSettling = true;
        tools.callers.soon(async () => {
          await logins.callers.settle(person, login, { chance, signal: logins.over });
          logins.people.giveBack(person);
          leave();
        });
        return isKilled;
      } finally {
        if (!isSettling) {
          if (person !== null) logins.people.giveBack(person);
          leave();
        }
      }
    },
  };
}

/** A point of the renewal of somebody's grant. */
function atGrant(name: string, use: Use): KillPoint {
  return {
    name,
    isPossible: ({ logins }) => logins !== undefined,
    async kill(program, tools): Promise<boolean> {
      const { logins, chance, callers } = tools;
      const person = logins?.people.borrow(chance, ({ isSleeper, isIn }) => !isSleeper && isIn === true) ??
        null;
      if (logins === undefined || person === null) return false;
      const ask = (of: ServerProgram): Promise<unknown> => logins.callers.token(of, person, false);
      try {
        return await use({
          program,
          person,
          ask: () => missedBy(tools, () => ask(program)),
          askElsewhere: () => others(program, tools).forEach((each) => callers.soon(() => ask(each))),
        }, tools);
      } finally {
        logins.people.giveBack(person);
      }
    },
  };
}

function askedOfLogin(
  program: ServerProgram,
  person: Person,
  login: LoginUnderWay,
  tools: FaultTools,
  logins: LoginTools,
): Asked {
  const ask = (of: ServerProgram): Promise<unknown> => logins.callers.finish(of, login);
  return {
    program,
    person,
    ask: () => missedBy(tools, () => ask(program)),
    askElsewhere: () => others(program, tools).forEach((each) => tools.callers.soon(() => ask(each))),
  };
}

function missedBy({ callers }: FaultTools, ask: () => Promise<unknown>): AbortSignal {
  const answered = new AbortController();
  callers.soon(() => ask().finally(() => answered.abort()));
  return AbortSignal.any([answered.signal, AbortSignal.timeout(REACHED_WITHIN_MS)]);
}

function others(program: ServerProgram, { fleet, chance }: FaultTools): ServerProgram[] {
  return chance.shuffled(fleet.awake.filter((each) => each !== program)).slice(0, 2);
}
