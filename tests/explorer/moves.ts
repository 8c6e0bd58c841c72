import type { LoginEvent } from "./logins/login_plan.ts";
import { loginMoves } from "./logins/login_moves.ts";
import { isPairName } from "./pair_name.ts";
import { USER } from "./server_process.ts";
import type { Point } from "./schedule_points.ts";
import type { World } from "./world.ts";

/** Jumps of time that a schedule may choose, in milliseconds: below and above each deadline of the protocol. */
const JUMPS_MS = [500, 2_000, 5_500, 12_000, 25_000, 41_000];
/** After this an access token is due for renewal, in milliseconds. */
const AGES_MS = 7_000_000;

/** One thing that can happen next, named by its text. The same moves in the same order make the same walk. */
export interface Move {
  readonly text: string;
  readonly kind: MoveKind;
  /** The operation that goes on, if one does. */
  readonly point?: Point;
  readonly make: () => Promise<void>;
}

/** Outcomes after which an operation is under way still. */
const SLOW = new Set(["leaves", "decided, answer slow", "lands, answer slow", "is written, slow"]);

/** `goes on`: an operation with its ordinary outcome; `is slow`: it gets one step further; `goes wrong`: any other outcome. */
export type MoveKind =
  | "goes on"
  | "is slow"
  | "goes wrong"
  | "time"
  | "ask"
  | "report"
  | "action"
  | "kill"
  | "restart"
  | "back up"
  | "take back"
  | "spend"
  | LoginEvent;

/** Everything that can happen next in `world`. */
export function moves(world: World): Move[] {
  if (world.options.logins !== undefined) return [...pointMoves(world), ...loginMoves(world)];
  return [...pointMoves(world), ...timeMoves(world), ...processMoves(world), ...storeMoves(world)];
}

function pointMoves(world: World): Move[] {
  return world.points.open.flatMap((point) =>
    point.outcomes.map((outcomeName, index): Move => ({
      text: `${point.waiter.label} ${point.what}: ${outcomeName}`,
      kind: index === 0 ? "goes on" : SLOW.has(outcomeName) ? "is slow" : "goes wrong",
      point,
      make: () => world.proceed(point, outcomeName),
    }))
  );
}

function timeMoves(world: World): Move[] {
  if (world.feishu.mustLeaveByMs <= world.time.elapsedMs) return [];
  const pass = (text: string, ms: number): Move => ({
    text: `time ${text}`,
    kind: "time",
    make: () => world.step("time", text, () => world.pass(ms)),
  });
  const next = world.time.untilDue();
  const deadline = world.time.untilDue(true);
  return [
    ...(next === undefined ? [] : [pass("to the next timer", next)]),
    ...(deadline === undefined ? [] : [pass("to the next deadline", deadline)]),
    ...JUMPS_MS.map((ms) => pass(`passes: ${ms} ms`, ms)),
    ...(next === undefined ? [pass("passes: an access token's life", AGES_MS)] : []),
  ];
}

function processMoves(world: World): Move[] {
  return [...world.processes].flatMap(([name, process]): Move[] => {
    if (!process.isAlive) {
      const restart = (): Promise<void> => world.step(name, "starts again", () => world.restart(name));
      return [{ text: `restart ${name}`, kind: "restart", make: restart }];
    }
    const { label } = process;
    const asks = [...world.callers.tokens].map((token): Move => ({
      text: `ask ${label} ${token}`,
      kind: "ask",
      make: () => world.step(label, `is asked ${token}`, () => void world.callers.ask(process, token)),
    }));
    const { callers } = world;
    const reports = [...callers.tokens].filter((token) => isPairName(token) && !callers.isUsers(token))
      .map((token): Move => {
        const rejected = callers.newest(token);
        const told = `is told with ${token} that ${rejected} is rejected`;
        return {
          text: `report ${label} ${token} ${rejected}`,
          kind: "report",
          make: () => world.step(label, told, () => void callers.report(process, token, rejected)),
        };
      });
    const action = (text: string, does: () => void): Move => ({
      text,
      kind: "action",
      make: () => world.step(USER, text, does),
    });
    const kill = (): Promise<void> => world.step(label, "is killed", () => world.kill(process));
    const actions = !process.isReady || !world.options.hasUser ? [] : [
      action(`log in at ${label}`, () => void world.callers.logIn(process)),
      action(`log out at ${label}`, () => world.callers.logOut(process)),
    ];
    return [...process.isReady ? [...asks, ...reports] : [], ...actions, {
      text: `kill ${label}`,
      kind: "kill",
      make: kill,
    }];
  });
}

function storeMoves(world: World): Move[] {
  const takeBack = (text: string, backup: Parameters<World["takeBack"]>[0]): Move => ({
    text: `store ${text}`,
    kind: "take back",
    make: () => world.step("store", text, () => world.takeBack(backup)),
  });
  return [
    {
      text: "store is copied",
      kind: "back up",
      make: () => world.step("store", "is copied", () => void world.backups.push(world.kv.backup())),
    },
    ...world.backups.map((backup, index) => takeBack(`goes back to copy ${index + 1}`, backup)),
    takeBack("is deleted", new Map()),
    ...[...world.feishu.books.live].map((token): Move => ({
      text: `spend ${token}`,
      kind: "spend",
      make: () => world.step("else", `spends ${token}`, () => void world.feishu.books.rotate(token)),
    })),
  ];
}
