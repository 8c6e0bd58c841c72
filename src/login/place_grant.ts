import { defined } from "../defined.ts";
import { TokenError } from "../errors/token_error.ts";
import { isNewer, tokenIn } from "../ports/record_order.ts";
import type { TokenRecord } from "../ports/store.ts";
import { markOf, refreshEndsAtMs } from "../tokens/grants/grant_view.ts";
import type { FinishedLogin } from "../tokens/grants/grants.ts";
import type { RecordView } from "../tokens/renewal/durable_pairs.ts";
import { COMMIT_DEADLINE_MS } from "../tokens/renewal/limits.ts";
import type { RecordRef } from "../tokens/renewal/record_ref.ts";
import { RENEWAL_COME_BACK_MS } from "../tokens/renewal/renewal_in_progress.ts";
import { failLogin } from "./fail_login.ts";
import { finishLogin } from "./finish_login.ts";
import type { LoginParts, LoginStep, StepOutcome } from "./login_parts.ts";
import type { LoginRecord } from "./login_record.ts";
import { loginRef } from "./login_strategy.ts";
import { scopesIn } from "./scopes_in.ts";

/** How long somebody may choose between a kept grant and a login with fewer scopes, in milliseconds. */
const DECIDE_MS = 10 * 60_000;

/**
 * The step from `identified`: places the pair in the person's grant. It is taken back where the login is of another
 * person than expected, and parked where the grant has scopes that the login lacks.
 */
export async function placeGrant(step: LoginStep, parts: LoginParts): Promise<StepOutcome> {
  const { login, credentials } = step;
  const { engine: { pairs, clock }, kept, at } = parts;
  const { who } = login;
  if (who === undefined) throw new TypeError("A login that is identified has nobody");
  const pair = tokenIn((await pairs.read(loginRef(credentials, login.presented, login.id, at))).token.value);
  const ref = kept.refFor(login.owner, credentials, who.openId);
  if (pair === null) return await finishLogin(step, ref, parts);
  if (await isWrongPerson(step, who.openId, parts)) {
    return await failLogin(step, { code: "login_wrong_person" }, parts);
  }
  const view = await pairs.read(ref);
  if (isNarrower(login, pair, view, clock.now())) return await park(step, pair, ref, view, parts);
  return await place(step, pair, ref, parts);
}

/**
 * Whether the person is not the one that was expected. Without an expectation the owner `local`, and each caller with a
 * key, has one person for an app: a link that was forwarded must not add another.
 */
async function isWrongPerson(
  { login, credentials }: LoginStep,
  openId: string,
  { kept }: LoginParts,
): Promise<boolean> {
  if (login.expects !== undefined) return login.expects !== openId;
  if (login.owner === "session" || login.another) return false;
  const others = await kept.of(login.owner, credentials);
  return others.length > 0 && !others.some(({ entry }) => entry.user === openId);
}

/** Whether the grant would lose scopes by the login. A grant that has ended loses nothing. */
function isNarrower(
  login: LoginRecord,
  pair: TokenRecord,
  { token, status }: RecordView,
  nowMs: number,
): boolean {
  const stored = tokenIn(token.value);
  if (stored === null || login.replace || login.place !== undefined) return false;
  if (markOf(stored, status.value) !== null || refreshEndsAtMs(stored) <= nowMs) return false;
  const isSame = stored.auth !== undefined && stored.auth.id === pair.auth?.id;
  // An earlier authorization than the stored one changes nothing.
  const isEarlier = stored.auth !== undefined && pair.auth !== undefined && isNewer(stored, pair);
  return !isSame && !isEarlier && lostScopes(stored, pair).length > 0;
}

function lostScopes(stored: TokenRecord, pair: TokenRecord): readonly string[] {
  const offered = new Set(scopesIn(pair.token.scope));
  return scopesIn(stored.token.scope).filter((scope) => !offered.has(scope));
}

/** Parks the login until somebody chooses, if the grant is still as it was read. */
async function park(
  { login, version }: LoginStep,
  pair: TokenRecord,
  ref: RecordRef,
  { token, status }: RecordView,
  { engine: { store, clock }, records }: LoginParts,
): Promise<StepOutcome> {
  const stored = tokenIn(token.value);
  if (stored === null) throw new TypeError("A login is narrower than no grant");
  const now = clock.now();
  const parked: LoginRecord = {
    ...login,
    phase: "narrower",
    changedAtMs: now,
    narrower: {
      kept: scopesIn(stored.token.scope),
      offered: scopesIn(pair.token.scope),
      decideByMs: now + DECIDE_MS,
    },
  };
  await store.write(ref.name, {
    check: { token: token.version, status: status.version },
    set: {},
    also: await records.changed(parked, version),
    deadlineMs: COMMIT_DEADLINE_MS,
  });
  return "moved";
}

async function place(
  step: LoginStep,
  pair: TokenRecord,
  ref: RecordRef,
  parts: LoginParts,
): Promise<StepOutcome> {
  const { grants, logins, records } = parts;
  const login = step.login;
  if (pair.auth === undefined && login.place === undefined) {
    // Without claims nothing but the place orders the login: it is chosen once, for every process.
    const chosen = await logins.placeOf(ref, pair);
    await records.change(
      login.id,
      (found) =>
        found.phase === "identified" && found.place === undefined ? { ...found, place: chosen } : found,
    );
    return "moved";
  }
  const { openId: _openId, ...who } = login.who ?? { openId: "" };
  const finished: FinishedLogin = {
    token: pair.token,
    endpoint: pair.endpoint ?? "v2",
    ...defined({ auth: pair.auth, began: login.began, place: login.place, who }),
  };
  const { place: outcome } = await grants.login(ref, finished);
  switch (outcome) {
    case "stored":
    case "superseded":
    case "outranked":
      return await finishLogin(step, ref, parts);
    case "ended":
      return await failLogin(step, { code: "login_ended" }, parts);
    case "journaled":
    case "in memory":
      return new TokenError("store_unavailable", { retryAfterMs: RENEWAL_COME_BACK_MS });
  }
}
