import { TokenError } from "../errors/token_error.ts";
import { tokenIn } from "../ports/record_order.ts";
import type { TokenRecord } from "../ports/store.ts";
import { RENEWAL_COME_BACK_MS, renewalInProgress } from "../tokens/renewal/renewal_in_progress.ts";
import { appName } from "./app_name.ts";
import { failureOf, type LoginRecord } from "./login_record.ts";
import { loginRef, LoginStrategy } from "./login_strategy.ts";
import { type PacedWay, wayOf } from "./way_of.ts";
import type { LoginParts, LoginStep, StepOutcome } from "./login_parts.ts";
import { isReopenable } from "./is_open.ts";

/**
 * How long after its end, by this machine's clock, a login goes on that Feishu has not called ended, in milliseconds:
 * Feishu may be out of reach, and an approval in the last second still counts.
 */
const ENDED_AFTER_MS = 2 * 60 * 60_000;

/**
 * The step from `waiting`: presents the code once, unless its pair is found in the store or in the machine's journal.
 */
export async function presentCode(step: LoginStep, parts: LoginParts): Promise<StepOutcome> {
  const { login, credentials, call } = step;
  const { engine, records, gates, at } = parts;
  const way = wayOf(login, credentials, call, engine);
  const ref = loginRef(credentials, login.presented, login.id, at);
  try {
    const { record, isStored } = await engine.renewal.run(
      new LoginStrategy({
        ref,
        way,
        presentedFp: await engine.fingerprints.ofToken(credentials, login.presented),
        isWaiting: async () => (await records.get(login.id)).value?.phase === "waiting",
        passage: () => gates.passage(appName(credentials, at)),
        fingerprints: engine.fingerprints,
        log: call.log,
      }),
    );
    // Another machine reads neither this journal nor this memory, and would take the pair for lost.
    if (!isStored) return new TokenError("store_unavailable", { retryAfterMs: RENEWAL_COME_BACK_MS });
    await records.change(
      login.id,
      (found) => found.phase === "waiting" ? issued(found, record, parts) : found,
    );
    return "moved";
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    await keepPace(login, way, parts);
    return await judge(error, step, parts);
  }
}

/**
 * The step from a login whose outcome is unknown: where its pair turns up, in the store or in the machine's journal, it
 * goes on.
 */
export async function reopen(step: LoginStep, parts: LoginParts): Promise<StepOutcome> {
  const { login, credentials } = step;
  const { engine, records, gates, at } = parts;
  const now = engine.clock.now();
  if (!isReopenable(login, now)) return "waits";
  const { token } = await engine.pairs.read(loginRef(credentials, login.presented, login.id, at));
  const record = tokenIn(token.value);
  if (record === null) return "waits";
  // A revocation may be on its way that has counted this login as failed.
  if (await gates.passage(appName(credentials, at)) === null) return renewalInProgress();
  await records.change(login.id, (found) => {
    const { failure: _failure, ...rest } = found;
    return isReopenable(found, now) ? issued(rest, record, parts) : found;
  });
  return "moved";
}

function issued(
  login: LoginRecord,
  { endpoint }: TokenRecord,
  { engine }: LoginParts,
): LoginRecord {
  return {
    ...login,
    phase: "issued",
    changedAtMs: engine.clock.now(),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

/** Feishu's pace holds for the rest of the login, whichever process polls. */
async function keepPace(
  { id, intervalMs }: LoginRecord,
  way: PacedWay,
  { records }: LoginParts,
): Promise<void> {
  if (way.intervalMs <= intervalMs) return;
  await records.change(
    id,
    (found) => found.intervalMs < way.intervalMs ? { ...found, intervalMs: way.intervalMs } : found,
  ).catch(() => {
    // The cool-down in the store has the pause too, and the next poll is told again.
  });
}

async function judge(
  failure: TokenError,
  { login, credentials }: LoginStep,
  parts: LoginParts,
): Promise<StepOutcome> {
  const { engine, at } = parts;
  const error = await inWordsOfLogin(failure, { login, credentials }, parts);
  const { kind } = error.row;
  // A refusal with a time is a cool-down: the code may be presented again.
  const isForGood = (kind === "login" || kind === "ambiguous") && error.detail.retryAfterMs === undefined;
  if (isForGood) return await fail(error, { login }, parts);
  const isOver = engine.clock.now() > login.expiresAtMs + ENDED_AFTER_MS && error.code !== "login_pending";
  if (isOver) {
    const ref = loginRef(credentials, login.presented, login.id, at);
    const { lease, token } = await engine.pairs.read(ref);
    if (tokenIn(token.value) !== null) return "moved";
    const isUnknown = lease.value?.unknown === true || (lease.value !== null && lease.value.nonce !== null);
    return await fail(
      new TokenError(isUnknown ? "rotation_outcome_unknown" : "login_expired"),
      { login },
      parts,
    );
  }
  if (error.code === "login_pending" || error.code === "renewal_in_progress") return "waits";
  return error;
}

/**
 * What a mark says of a login. Where an answer was lost before, it is called `rotation_outcome_unknown`, whatever Feishu
 * has said last.
 */
async function inWordsOfLogin(
  error: TokenError,
  { login, credentials }: Pick<LoginStep, "login" | "credentials">,
  { engine, at }: LoginParts,
): Promise<TokenError> {
  // Feishu does not know the code, and no answer was lost that could have had the pair.
  if (error.code === "login_outcome_unknown") return new TokenError("login_expired", error.detail);
  if (error.code !== "rotation_outcome_unknown") return error;
  const { status } = await engine.pairs.read(loginRef(credentials, login.presented, login.id, at));
  // A person who can still say no has agreed to nothing before.
  return status.value?.errorCode === "login_denied" ? new TokenError("login_denied", error.detail) : error;
}

async function fail(
  error: TokenError,
  { login }: Pick<LoginStep, "login">,
  { records, engine }: LoginParts,
): Promise<StepOutcome> {
  const isUnknown = error.code === "rotation_outcome_unknown";
  const failure = failureOf({
    code: isUnknown ? "login_outcome_unknown" : error.code,
    detail: error.detail,
  });
  await records.change(
    login.id,
    (found) =>
      found.phase === "waiting"
        ? { ...found, phase: "failed", failure, changedAtMs: engine.clock.now(), isCleared: !isUnknown }
        : found,
  );
  return "moved";
}
