import type { LoginAction } from "../login_action.ts";
import { APP_RECORD } from "../pair_name.ts";
import { issuedFor } from "../presentation.ts";
import type { Question } from "../question.ts";
import { leadsTo } from "../superseding.ts";
import type { World } from "../world.ts";

/** Promise 1. Every caller of a living process has an answer in the end. */
export function answersEverybody(world: World): string | undefined {
  const isOpen = ({ process, outcome }: Question | LoginAction): boolean =>
    process.isAlive && outcome === undefined;
  const question = world.callers.questions.find(isOpen);
  if (question !== undefined) return `${question.process.label} has never answered ${question.token}`;
  const action = world.callers.actions.find(isOpen);
  return action === undefined ? undefined : `${action.process.label} has never ended a login or logout`;
}

/**
 * Promise 3. A pair that its presenter has read is stored in the end, if the presenter lives or had journaled it. A store
 * that was taken back is checked by {@linkcode healsTheStore} instead.
 */
export function losesNoRotation(world: World): string | undefined {
  if (world.isTakenBack) return undefined;
  for (const presentation of world.feishu.presentations) {
    const pair = issuedFor(presentation);
    if (pair === undefined || presentation.answeredMs === undefined) continue;
    const isSafe = presentation.by.isAlive || world.history.noted.has(pair);
    const isFound = leadsTo(world, presentation.token, pair) || world.history.isLoggedOut(pair);
    if (isSafe && !isFound) return `${pair} is lost`;
  }
  const login = world.callers.actions.find(({ process, pair }) =>
    pair !== undefined && (process.isAlive || world.history.noted.has(pair)) &&
    !leadsTo(world, pair, pair) && !world.history.isLoggedOut(pair)
  );
  return login === undefined ? undefined : `the login ${login.pair} is lost`;
}

/**
 * Promise 4. No mark is left on a token whose successor a living process knows. A mark that says that a login is needed is
 * about a token that Feishu never accepted from any process.
 */
export function marksNoGoodLogin(world: World): string | undefined {
  for (const [record, { token, status, spare }] of world.view.all()) {
    if (status === undefined || status.mark === "cool_down") continue;
    const counts = world.isGrant(record) ? token?.pair === status.about : token === undefined;
    if (!counts) continue;
    if (spare !== undefined && spare.login === token?.login && spare.gen >= token.gen) {
      return `${status.about} is marked although ${spare.pair} is there as a spare`;
    }
    const accepted = world.feishu.presentations.filter((each) =>
      each.token === status.about && issuedFor(each) !== undefined
    );
    const [first] = accepted;
    if (first === undefined) continue;
    const marked = `${status.about} is marked as ${status.mark}`;
    if (status.mark === "needs_login" && !world.isTakenBack) return `${marked} although it was accepted`;
    const holder = accepted.find((each) =>
      each.answeredMs !== undefined && each.by.isAlive && !world.history.isLoggedOut(each.token)
    );
    if (holder !== undefined) return `${marked} although ${holder.by.label} holds ${issuedFor(holder)}`;
  }
  return undefined;
}

/**
 * Promise 3. Whatever state the store was taken back to: a pair that a living process got from Feishu, or has answered with,
 * is in the store after that process's next read. In the end every process has read every record.
 */
export function healsTheStore(world: World): string | undefined {
  for (const process of world.alive) {
    const received = world.feishu.presentations.flatMap((each) => {
      const pair = issuedFor(each);
      const isRead = each.by === process && each.answeredMs !== undefined;
      return isRead && pair !== undefined ? [{ token: each.token, pair }] : [];
    });
    const answered = world.callers.questions.flatMap(({ process: by, token, outcome }) =>
      by === process && outcome?.kind === "pair" && token !== APP_RECORD && outcome.isSame !== true
        ? [{ token, pair: outcome.pair }]
        : []
    );
    const lost = [...received, ...answered].find(({ token, pair }) =>
      !leadsTo(world, token, pair) && !world.history.isLoggedOut(pair)
    );
    if (lost !== undefined) {
      return `${process.label} knows ${lost.pair}, and ${lost.token} does not lead there`;
    }
  }
  return undefined;
}
