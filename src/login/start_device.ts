import { TokenError } from "../errors/token_error.ts";
import type { AppCredentials, DeviceStart, DeviceStartAnswer, FeishuPort } from "../ports/feishu.ts";
import { OFFLINE_ACCESS } from "../ports/offline_access.ts";
import { errorOf } from "../tokens/renewal/failure_marks.ts";

const START_TIMEOUT_MS = 15_000;
/** Requests that may be spent on finding the scope that Feishu does not know. */
const MOST_QUESTIONS = 8;

/**
 * Starts a login by the device flow. Feishu refuses the whole request where one scope does not exist, and does not say
 * which: the name is found by halving. A filter in front of Feishu refuses some orders of scopes: the other order is
 * tried once.
 *
 * @throws TokenError `scope_unknown`, which names the scope; else why Feishu has not started it.
 * @see https://github.com/larksuite/cli/issues/416
 * @see https://github.com/larksuite/cli/issues/1846
 */
export async function startDevice(
  feishu: FeishuPort,
  credentials: AppCredentials,
  scopes: readonly string[],
): Promise<DeviceStart> {
  const ask = (asked: readonly string[]): Promise<DeviceStartAnswer> =>
    feishu.startDevice({ credentials, scopes: asked, timeoutMs: START_TIMEOUT_MS });
  let answer = await ask(scopes);
  if (isFiltered(answer)) answer = await ask(scopes.toReversed());
  if (answer.kind === "started") return answer.device;
  const error = errorOf(answer);
  if (error.code !== "scope_unknown") throw error;
  const name = await findUnknownScope(scopes, ask);
  throw name === undefined ? error : new TokenError("scope_unknown", {
    ...error.detail,
    detail: { en: name, zh: name },
    nextStep: {
      en:
        "Compare it, letter by letter, with the app's scopes in the developer console (your app, Permissions & " +
        "Scopes: {console_url}), and start the login without it or with the right name.",
      zh: "请对照开发者后台（你的应用 → 权限管理：{console_url}）逐字检查该名称，去掉或更正后重新发起登录。",
    },
  });
}

function isFiltered(answer: DeviceStartAnswer): boolean {
  return answer.kind === "refused" && answer.refusal.httpStatus === 403 &&
    answer.refusal.errorCode === "feishu_unavailable";
}

/** One scope that Feishu does not know; `undefined` where it is not found in {@linkcode MOST_QUESTIONS} requests. */
async function findUnknownScope(
  scopes: readonly string[],
  ask: (scopes: readonly string[]) => Promise<DeviceStartAnswer>,
): Promise<string | undefined> {
  let suspects = scopes.filter((scope) => scope !== OFFLINE_ACCESS);
  for (let asked = 0; suspects.length > 1; asked++) {
    if (asked === MOST_QUESTIONS) return undefined;
    const half = suspects.slice(0, Math.ceil(suspects.length / 2));
    const answer = await ask(half);
    const isHere = answer.kind === "refused" && answer.refusal.errorCode === "scope_unknown";
    // Any other failure says nothing about the scopes.
    if (!isHere && answer.kind !== "started") return undefined;
    suspects = isHere ? half : suspects.slice(half.length);
  }
  return suspects[0];
}
