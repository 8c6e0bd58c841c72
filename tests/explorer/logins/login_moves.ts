import type { Move, MoveKind } from "../moves.ts";
import type { ServerProcess } from "../server_process.ts";
import type { World } from "../world.ts";

/** Scopes that logins ask for, by what traces call them. */
export const SCOPES: Readonly<Record<string, readonly string[]>> = {
  little: ["offline_access", "read"],
  much: ["offline_access", "read", "write"],
};
/** Jumps of time that a walk may choose, in milliseconds: below and above each deadline. */
const JUMPS_MS = [500, 2_000, 5_500, 12_000, 25_000, 41_000];
/** The end of a device code, of a choice, and of an access token, in milliseconds. */
const LONG_JUMPS_MS = [130_000, 601_000, 7_000_000];
/** After this a grant is due for renewal, in milliseconds. */
export const DUE_MS = 345_600_000;

/** Everything that can happen next in a world with logins, besides the ends of operations. */
export function loginMoves(world: World): Move[] {
  return [...timeMoves(world), ...personMoves(world), ...processMoves(world)];
}

function timeMoves(world: World): Move[] {
  if (world.feishu.mustLeaveByMs <= world.time.elapsedMs) return [];
  const pass = (ms: number, kind: MoveKind, text = `passes: ${Math.round(ms)} ms`): Move => ({
    text: `time ${text}`,
    kind,
    make: () => world.step("time", text, () => world.pass(ms)),
  });
  const next = world.time.untilDue();
  // No write lands hours after it was asked for.
  const isCalm = world.points.open.length === 0;
  return [
    ...(next === undefined ? [] : [pass(next, "time", "to the next timer")]),
    ...JUMPS_MS.map((ms) => pass(ms, "time")),
    ...(isCalm ? [...LONG_JUMPS_MS.map((ms) => pass(ms, "long time")), pass(DUE_MS, "days")] : []),
  ];
}

/** What a person does on Feishu's page, who was shown a code. */
function personMoves(world: World): Move[] {
  const { feishu: { logins }, people } = world;
  return [...people.handles.keys()].flatMap((code): Move[] => {
    if (logins.devices.get(code)?.state !== "waits") return [];
    const decide = (who: string, what: string, kind: MoveKind, does: () => void): Move => ({
      text: `${who} ${what} ${code}`,
      kind,
      make: () => world.step(who, `${what} ${code}`, does),
    });
    const little = SCOPES.little ?? [];
    return [
      decide("ann", "approves", "approve", () => logins.decide(code, "approved", "ann")),
      decide("ann", "approves a part of", "approve", () => logins.decide(code, "approved", "ann", little)),
      decide("bob", "approves", "decide", () => logins.decide(code, "approved", "bob")),
      decide("ann", "denies", "decide", () => logins.decide(code, "denied")),
      decide("Feishu", "ends", "decide", () => logins.decide(code, "expired")),
    ];
  });
}

function processMoves(world: World): Move[] {
  return [...world.processes].flatMap(([name, process]): Move[] => {
    if (!process.isAlive) {
      const restart = (): Promise<void> => world.step(name, "starts again", () => world.restart(name));
      return [{ text: `restart ${name}`, kind: "restart", make: restart }];
    }
    const kill = (): Promise<void> => world.step(process.label, "is killed", () => world.kill(process));
    const killed: Move = { text: `kill ${process.label}`, kind: "kill", make: kill };
    return process.isReady ? [...callMoves(world, process), killed] : [killed];
  });
}

function callMoves(world: World, process: ServerProcess): Move[] {
  const { people } = world;
  const { label } = process;
  const move = (what: string, kind: MoveKind, does: () => void): Move => ({
    text: `${label} ${what}`,
    kind,
    make: () => world.step(label, `is asked to ${what}`, does),
  });
  const watches = process.isWatching ? "rest" : "watch";
  return [
    ...Object.entries(SCOPES).flatMap(([how, scopes]) => [
      move(`log in for ${how}`, "start", () => void people.start(process, { scopes })),
      move(`log in for ${how} instead`, "start", () => void people.start(process, { scopes, replace: true })),
    ]),
    move("log ann in", "start", () => void people.start(process, { scopes: SCOPES.much ?? [], user: "ann" })),
    ...[...people.handles.keys()].flatMap((code) => [
      move(`finish ${code}`, "finish", () => void people.finish(process, code)),
      ...(isNarrower(world, code)
        ? [true, false].map((replace) => {
          const what = `${replace ? "replace by" : "drop"} ${code}`;
          return move(what, "choose", () => void people.finish(process, code, { replace }));
        })
        : []),
    ]),
    move("give a token", "token", () => void people.token(process)),
    move("log out", "log out", () => void people.logOut(process)),
    move("keep alive", "keep", () => void people.keep(process)),
    move(watches, "watch", () => process.watch(!process.isWatching)),
  ];
}

function isNarrower({ loginHistory }: World, code: string): boolean {
  return loginHistory.logins.get(code)?.record.phase === "narrower";
}
