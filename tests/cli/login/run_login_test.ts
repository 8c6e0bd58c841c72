import assert from "node:assert/strict";
import { shownCommand } from "../../../src/cli/command_line/shown_command.ts";
import { TokenError } from "../../../src/errors/token_error.ts";
import type { LoginProgress } from "../../../src/ports/logins.ts";
import { Secret } from "../../../src/secret.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { MemoryOutput } from "../../support/memory_output.ts";
import { type CommandEnd, CommandHome, type Surroundings } from "../token/token_platform.ts";
import {
  ANN,
  APP_ENV,
  done,
  FakeLogins,
  LOGIN_ID,
  NOW_MS,
  pending,
  STARTED,
  withoutPauses,
} from "./fake_logins.ts";

const NARROWER: LoginProgress = {
  kind: "narrower",
  user: ANN.user,
  keptScopes: ["docx:document", "im:message"],
  newScopes: ["docx:document"],
  lostScopes: ["im:message"],
  decideByMs: NOW_MS + 600_000,
};

/** Runs `login` with these flags on fake logins. */
async function login(
  logins: FakeLogins,
  flags: readonly string[] = [],
  more: Surroundings = {},
): Promise<CommandEnd> {
  await using home = await CommandHome.make();
  return await home.run(["login", ...flags], {
    clock: withoutPauses(),
    ...more,
    env: { ...APP_ENV, ...more.env },
    compose: logins.compose,
  });
}

Deno.test("`login` without a terminal prints link and code as plain lines, waits, and says who it is", async () => {
  const logins = new FakeLogins();
  logins.progress = [pending(), pending({ isApproved: true }), done()];
  const { exitCode, stdout, stderr } = await login(logins);
  assert.equal(exitCode, 0);
  const lines = stderr.trimEnd().split("\n");
  assert.equal(lines.length, 4, stderr);
  assert.match(lines[0] ?? "", /^Open this link and agree there, until 2026-01-02 03:14 \(in 10 min\):$/);
  assert.equal(lines[1], STARTED.verificationUrl);
  assert.equal(lines[2], "The page shows or asks for this code: ABCD-EFGH");
  assert.equal(lines[3], "Waiting for the person, 10 min left");
  assert.deepEqual(stdout.split("\n"), [
    "Logged in: Ann (ou_ann), tenant 2ed263bf32cf1651",
    "Permissions: offline_access docx:document",
    "Access token until 2026-01-02 05:04 (in 2 h)",
    "Renewed before 2026-01-09 03:04 (in 7 days), by a running server or by `keep`",
    "Feishu ends the authorization at 2027-01-02 03:04 (in 365 days), whatever is done",
    "",
  ]);
});

Deno.test("`login` speaks Chinese", async () => {
  const logins = new FakeLogins();
  logins.progress = [pending(), done({ missingScopes: ["im:message"] })];
  const { stdout, stderr } = await login(logins, ["--lang", "zh"]);
  assert.match(stderr, /^请打开以下链接并同意授权，有效期至 2026-01-02 03:14（10 分钟后）：\nhttps:/);
  assert.match(stderr, /等待授权，剩余 10 分钟\n$/);
  assert.match(stdout, /^已登录：Ann（ou_ann），企业 2ed263bf32cf1651\n/);
  assert.match(stdout, /已申请但未获授权：im:message\n/);
});

Deno.test("`login` hands on what is asked for", async () => {
  const logins = new FakeLogins();
  await login(logins, ["--scope", "docx:document im:message", "--user", "ou_ann", "--another", "--replace"]);
  assert.deepEqual(logins.calls, [
    ["start", { scopes: ["docx:document", "im:message"], user: "ou_ann", another: true, replace: true }],
    ["finish", LOGIN_ID, { replace: true }],
  ]);
});

Deno.test("`login --json` prints one object that says who it is", async () => {
  const logins = new FakeLogins();
  logins.progress = [done({ missingScopes: ["im:message"] })];
  const { stdout } = await login(logins, ["--json"]);
  const { status, user, missing_scopes, login_ends_at } = JSON.parse(stdout);
  assert.deepEqual([status, missing_scopes], ["done", ["im:message"]]);
  assert.deepEqual(user, { open_id: "ou_ann", name: "Ann", tenant_key: "2ed263bf32cf1651" });
  assert.equal(login_ends_at, Math.floor((ANN.loginEndsAtMs ?? 0) / 1000));
});

Deno.test("`login` says once what keeps it from going on, and a warning at the end", async () => {
  const logins = new FakeLogins();
  const problem = new TokenError("feishu_unavailable");
  const warning = new TokenError("login_not_renewable");
  logins.progress = [pending({ problem }), pending({ problem }), done({ warning })];
  const { stderr } = await login(logins);
  assert.equal(stderr.split(problem.problem.en).length, 2, stderr);
  assert.ok(stderr.includes(warning.problem.en), stderr);
});

Deno.test.each<[string, TokenError, number, RegExp]>([
  ["declined", new TokenError("login_denied"), 4, /declined the login[^\n]*\(login_denied\)\n$/],
  ["expired", new TokenError("login_expired"), 4, /was not finished in time/],
  ["a wrong person's", new TokenError("login_wrong_person"), 4, /start the login with --another/],
])("`login` ends with the kind of the failure when it is %s", async (_case, error, exitCode, said) => {
  const logins = new FakeLogins();
  logins.progress = [pending(), error];
  const end = await login(logins);
  assert.deepEqual([end.exitCode, end.stdout], [exitCode, ""]);
  assert.match(end.stderr, said);
});

Deno.test("`login` says how to take a narrower login, and keeps the old one", async () => {
  const logins = new FakeLogins();
  logins.progress = [NARROWER];
  const { exitCode, stdout, stderr } = await login(logins);
  assert.deepEqual([exitCode, stdout], [4, ""]);
  assert.match(stderr, /The new one would lose: im:message\n/);
  assert.match(stderr, new RegExp(`until 2026-01-02 03:14: .* login --replace --resume ${LOGIN_ID}\n$`));
});

Deno.test("`login --no-wait` prints how to go on, and asks nothing more", async () => {
  const logins = new FakeLogins();
  const { exitCode, stdout, stderr } = await login(logins, ["--no-wait"]);
  assert.deepEqual([exitCode, stderr], [0, ""]);
  const { next_step, ...answer } = JSON.parse(stdout);
  assert.deepEqual(answer, {
    login_id: LOGIN_ID,
    verification_url: STARTED.verificationUrl,
    user_code: "ABCD-EFGH",
    expires_at: Math.floor(STARTED.expiresAtMs / 1000),
    polled_by: "nobody",
  });
  assert.match(next_step, new RegExp(` login --resume ${LOGIN_ID}$`));
  assert.deepEqual(logins.calls.map(([name]) => name), ["start"]);
});

Deno.test("`login --no-wait` names the flags that lead to the same store and app again", async () => {
  const logins = new FakeLogins();
  await using home = await CommandHome.make();
  const kv = `${home.path}/my tokens.kv`;
  const { stdout } = await home.run(["login", "--no-wait", "--replace", "--kv", kv], {
    env: APP_ENV,
    compose: logins.compose,
  });
  assert.match(
    JSON.parse(stdout).next_step,
    new RegExp(` login --replace --resume ${LOGIN_ID} --kv '${home.path}/my tokens\\.kv'$`),
  );
});

Deno.test("`login --no-wait` says that a server polls when another process has the store open", async () => {
  const logins = new FakeLogins();
  await using home = await CommandHome.make();
  const given = { env: APP_ENV, compose: logins.compose };
  const answers: unknown[] = [];
  logins.onFinish = async (): Promise<void> => {
    const { stdout } = await home.run(["login", "--no-wait"], given);
    answers.push(JSON.parse(stdout).polled_by);
  };
  await home.run(["login"], given);
  answers.push(JSON.parse((await home.run(["login", "--no-wait"], given)).stdout).polled_by);
  assert.deepEqual(answers, ["server", "nobody"]);
});

Deno.test.each<[string, LoginProgress, number]>([
  ["done", done(), 0],
  ["pending", pending({ retryAfterMs: 4_200 }), 75],
  ["narrower", NARROWER, 4],
])("`login --resume ID --no-wait` answers once when the login is %s", async (status, progress, exitCode) => {
  const logins = new FakeLogins();
  logins.progress = [progress];
  const end = await login(logins, ["--resume", LOGIN_ID, "--no-wait"]);
  assert.deepEqual([end.exitCode, end.stderr], [exitCode, ""]);
  assert.equal(JSON.parse(end.stdout).status, status);
  assert.deepEqual(logins.calls, [["finish", LOGIN_ID, {}]]);
});

Deno.test("`login --resume ID --no-wait` tells programs the seconds to wait", async () => {
  const logins = new FakeLogins();
  logins.progress = [pending({ retryAfterMs: 4_200 })];
  const { stdout } = await login(logins, ["--resume", LOGIN_ID, "--no-wait"]);
  assert.deepEqual(JSON.parse(stdout), {
    status: "pending",
    retry_after_seconds: 5,
    expires_at: Math.floor(STARTED.expiresAtMs / 1000),
    approved: false,
  });
});

Deno.test("`login --resume` takes the newest that waits, shows its link again, and waits", async () => {
  const logins = new FakeLogins();
  logins.waits = [STARTED, { ...STARTED, loginId: new Secret("older") }];
  logins.progress = [pending(), done()];
  const { exitCode, stderr } = await login(logins, ["--resume"]);
  assert.equal(exitCode, 0);
  assert.ok(stderr.includes(`\n${STARTED.verificationUrl}\n`), stderr);
  assert.deepEqual(logins.calls, [["finish", LOGIN_ID, {}], ["finish", LOGIN_ID, {}]]);
});

Deno.test("`login --resume` waits for a login whose link is no longer needed", async () => {
  const logins = new FakeLogins();
  logins.progress = [pending({ isApproved: true }), done()];
  const { exitCode, stderr } = await login(logins, ["--resume", "other", "--replace"]);
  assert.equal(exitCode, 0);
  assert.doesNotMatch(stderr, /https:/);
  assert.deepEqual(logins.calls[0], ["finish", "other", { replace: true }]);
});

Deno.test("`login --resume` says that none waits", async () => {
  const { exitCode, stderr } = await login(new FakeLogins(), ["--resume"]);
  assert.equal(exitCode, 2);
  assert(
    stderr.startsWith(`feishu-token-mcp: No login waits for a person. Run \`${shownCommand(["login"])}\`.`),
    stderr,
  );
});

Deno.test.each([
  [["--resume", "x", "--scope", "a"], "--resume and --scope contradict each other"],
  [["--resume", "--another"], "--resume and --another contradict each other"],
  [["--kv", ":memory:"], "The store is in memory, so that the login would end with this command"],
])("`login` refuses %j before anything is started", async (flags, said) => {
  const logins = new FakeLogins();
  const { exitCode, stderr } = await login(logins, flags);
  assert.deepEqual([exitCode, logins.calls], [2, []]);
  assert.ok(stderr.startsWith(`feishu-token-mcp: ${said}`), stderr);
});

Deno.test("`login` names what is missing when there are no credentials", async () => {
  const logins = new FakeLogins();
  const { exitCode, stderr } = await login(logins, [], { env: { FEISHU_APP_ID: "", FEISHU_APP_SECRET: "" } });
  assert.equal(exitCode, 3);
  assert.match(stderr, /No Feishu app credentials are configured/);
});

Deno.test("`login` draws the link on a terminal that is wide enough, and counts down in one line", async () => {
  const logins = new FakeLogins();
  const clock = new ManualClock(NOW_MS);
  const lefts: string[] = [];
  const stderr = whenShown(/\rWaiting for the person, (\S+) left /, (left) => {
    lefts.push(left);
    queueMicrotask(() => clock.pass(1_000));
  });
  logins.progress = [pending({ retryAfterMs: 3_000 }), done()];
  const { exitCode } = await login(logins, [], { clock, columns: 80, stderr, env: { LANG: "en_US.UTF-8" } });
  assert.deepEqual([exitCode, lefts], [0, ["10:00", "9:59", "9:58"]]);
  assert.ok(stderr.text.startsWith(`\x1b[38;5;16;48;5;231m${" ".repeat(4)}`), stderr.text);
  assert.match(stderr.text, /left \r +\r$/);
});

Deno.test("`login` on a terminal without room prints the link alone", async () => {
  const { stderr } = await login(new FakeLogins(), [], { columns: 30, env: { LANG: "en_US.UTF-8" } });
  assert.match(stderr, /^Open this link/);
});

/** Standard error that hands over the first group of `pattern` when it is shown. */
function whenShown(pattern: RegExp, tell: (found: string) => void): MemoryOutput {
  const output = new MemoryOutput();
  const write = output.write.bind(output);
  output.write = (text: string): void => {
    write(text);
    const [, found] = pattern.exec(text) ?? [];
    if (found !== undefined) tell(found);
  };
  return output;
}

/** A signal source, and a way to send one. */
function signals(): { readonly onSignal: NonNullable<Surroundings["onSignal"]>; readonly send: () => void } {
  let handler = (): void => {};
  return {
    onSignal: (given) => {
      handler = given;
      return () => {};
    },
    send: () => handler(),
  };
}

Deno.test("`login` ends with 130 at a signal, and says until when and how the login goes on", async () => {
  const logins = new FakeLogins();
  const { onSignal, send } = signals();
  const stderr = whenShown(/^Waiting (for)/, send);
  logins.progress = [pending()];
  const { exitCode, stdout } = await login(logins, [], { stderr, onSignal });
  assert.deepEqual([exitCode, stdout], [130, ""]);
  assert.match(
    stderr.text,
    new RegExp(
      `goes on waiting at Feishu until 2026-01-02 03:14; to take it up: .* login --resume ${LOGIN_ID}\n$`,
    ),
  );
});

Deno.test("`login` tells the outcome when it arrives with the signal", async () => {
  const logins = new FakeLogins();
  const { onSignal, send } = signals();
  logins.onFinish = send;
  const { exitCode, stdout } = await login(logins, [], { onSignal });
  assert.equal(exitCode, 0);
  assert.match(stdout, /^Logged in: Ann/);
});

Deno.test("`login` takes a service that stops at the signal for the end of the wait, not for a failure", async () => {
  const logins = new FakeLogins();
  const { onSignal, send } = signals();
  logins.onFinish = send;
  logins.progress = [new TokenError("feishu_unavailable")];
  const { exitCode, stderr } = await login(logins, [], { onSignal });
  assert.equal(exitCode, 130);
  assert.doesNotMatch(stderr, /feishu_unavailable/);
});

Deno.test("`login` says how to go on when it fails with what passes by itself", async () => {
  const logins = new FakeLogins();
  logins.progress = [pending(), new TokenError("feishu_unavailable")];
  const { exitCode, stderr } = await login(logins);
  assert.equal(exitCode, 5);
  assert.match(stderr, new RegExp(`login --resume ${LOGIN_ID}\n.*feishu_unavailable\\)\n$`));
});

Deno.test("`login --no-wait` says that a simulated Feishu of its own ends with it", async () => {
  await using home = await CommandHome.make();
  const args = ["login", "--no-wait", "--sandbox-state", `${home.path}/sandbox.json`];
  const { exitCode, stdout, stderr } = await home.run(args);
  assert.equal(exitCode, 0);
  assert.equal(JSON.parse(stdout).polled_by, "nobody");
  assert.match(
    stderr,
    /^feishu-token-mcp: the simulated Feishu ends with this command, and the link with it/,
  );
});
