import { TokenError } from "../../../src/errors/token_error.ts";
import type { AppCredentials } from "../../../src/ports/feishu.ts";
import type { LoginProgress, LoginRequest, LoginService } from "../../../src/ports/logins.ts";
import type { CallContext } from "../../../src/ports/tokens.ts";
import type { Secret } from "../../../src/secret.ts";
import type { ServerProcess } from "../server_process.ts";
import type { World } from "../world.ts";
import type { LoginAnswer, LoginCall } from "./login_call.ts";

/** What a caller wants a user token to have left, in milliseconds. */
const MIN_TTL_MS = 300_000;
const ACCESS_OF = "user token of ";

/** All who log in and out, decide on Feishu's page, and ask for the tokens of logins. */
export class People {
  readonly calls: LoginCall[] = [];
  /** The handles of logins, by their codes: what somebody was told. */
  readonly handles = new Map<string, Secret>();
  readonly #world: World;
  readonly #credentials: AppCredentials;

  /** Of `world`, whose app has these credentials. */
  constructor(world: World, credentials: AppCredentials) {
    this.#world = world;
    this.#credentials = credentials;
  }

  /** Somebody starts a login at `process`. */
  start(process: ServerProcess, request: LoginRequest): LoginCall {
    const asked = [...request.scopes ?? [], ...request.replace === true ? ["instead"] : []];
    return this.#call(process, `start a login for ${asked.join(" ")}`, undefined, async (service, call) => {
      const { loginId, userCode } = await service.start(this.#credentials, request, call);
      this.handles.set(userCode, loginId);
      return { kind: "started", code: userCode };
    });
  }

  /** Somebody asks `process` how the login with this code stands. */
  finish(process: ServerProcess, code: string, choice: { readonly replace?: boolean } = {}): LoginCall {
    const handle = this.handles.get(code);
    if (handle === undefined) throw new RangeError(`Nobody was told of ${code}`);
    const said = choice.replace === undefined
      ? ""
      : choice.replace
      ? ", which replaces"
      : ", which is dropped";
    return this.#call(process, `finish ${code}${said}`, code, async (service, call) => {
      const progress = await service.finish(this.#credentials, handle, choice, call);
      return { kind: "progress", progress };
    });
  }

  /** Somebody asks `process` for a user token. */
  token(process: ServerProcess): LoginCall {
    return this.#call(process, "give a user token", undefined, async (service, call) => {
      const { accessToken } = await service.userToken(this.#credentials, {
        user: "ann",
        minTtlMs: MIN_TTL_MS,
      }, call);
      return { kind: "token", pair: accessToken.reveal().slice(ACCESS_OF.length) };
    });
  }

  /** Ann logs out at `process`. */
  logOut(process: ServerProcess): LoginCall {
    return this.#call(process, "log ann out", undefined, async (service, call) => {
      const { upstream } = await service.logout(this.#credentials, "ann", call);
      return { kind: "ended", upstream };
    });
  }

  /** Somebody asks `process` to renew what is due. */
  keep(process: ServerProcess): LoginCall {
    return this.#call(process, "keep logins alive", undefined, async (service, call) => {
      await service.keep([this.#credentials], call);
      return { kind: "kept" };
    });
  }

  /** The store has not answered `process`: what that says meanwhile may be old. */
  doubt(process: ServerProcess): void {
    for (const call of this.calls) {
      if (call.process === process && call.outcome === undefined) call.hasDoubts = true;
    }
  }

  #call(
    process: ServerProcess,
    what: string,
    code: string | undefined,
    asks: (service: LoginService, context: CallContext) => Promise<LoginAnswer>,
  ): LoginCall {
    const { loginHistory, trace } = this.#world;
    const askedPhase = code === undefined ? undefined : loginHistory.logins.get(code)?.record.phase;
    const askedWrite = loginHistory.writes;
    const call: LoginCall = { process, what, code, askedWrite, askedPhase, hasDoubts: false };
    this.calls.push(call);
    const answered = process.started.then(async ({ logins }) => {
      if (logins === undefined) throw new TypeError("This world has no logins");
      return await asks(logins.service, { log: process.log, owner: "local" });
    });
    const over = answered.then(
      (answer) => ({ kind: "told", answer }) as const,
      (error: unknown) =>
        error instanceof TokenError ? { kind: "failed", error } as const : { kind: "broken", error } as const,
    );
    void over.then((outcome) => {
      if (!process.isAlive) return;
      call.outcome = outcome;
      const text = outcome.kind === "told" ? shown(outcome.answer) : String(outcome.error);
      trace.add(process.label, `answers "${what}": ${text}`);
      this.#world.invariants.told(call);
    });
    return call;
  }
}

/** An answer for the trace. */
function shown(answer: LoginAnswer): string {
  switch (answer.kind) {
    case "started":
      return answer.code;
    case "token":
      return answer.pair;
    case "ended":
      return `ended, ${answer.upstream} at Feishu`;
    case "kept":
      return "kept";
    case "progress":
      return shownProgress(answer.progress);
  }
}

function shownProgress(progress: LoginProgress): string {
  if (progress.kind === "done") {
    return `done${progress.warning === undefined ? "" : `, ${progress.warning.code}`}`;
  }
  if (progress.kind === "narrower") return "narrower";
  return progress.problem === undefined ? "pending" : `pending, ${progress.problem.code}`;
}
