import assert from "node:assert/strict";
import { ListeningSandbox } from "../../sandbox/served_sandbox.ts";
import { type CommandEnd, CommandHome, credentialsOf, type Surroundings } from "../token/token_platform.ts";

/** A machine with the program on it, and a Feishu that is simulated. Both have the same time. */
class Machine implements AsyncDisposable {
  readonly #sandbox: ListeningSandbox;
  readonly #home: CommandHome;
  #aheadMs = 0;

  private constructor(sandbox: ListeningSandbox, home: CommandHome) {
    this.#sandbox = sandbox;
    this.#home = home;
  }

  static async start(): Promise<Machine> {
    return new Machine(await ListeningSandbox.start(), await CommandHome.make());
  }

  async run(args: readonly string[], more: Surroundings = {}): Promise<CommandEnd> {
    const env = { ...credentialsOf(this.#sandbox), PATH: Deno.env.get("PATH") ?? "" };
    return await this.#home.run(args, { env, aheadMs: this.#aheadMs, ...more });
  }

  /** The person agrees on Feishu's page, and the pause between two polls is over. */
  async approve(userCode: string, scope?: string): Promise<void> {
    const decision = { user_code: userCode, action: "approve", user: "Ann", ...(scope && { scope }) };
    assert.equal((await this.#sandbox.send("POST", "/_sandbox/device", decision)).status, 200);
    await this.pass(10_000);
  }

  async pass(ms: number): Promise<void> {
    this.#aheadMs += ms;
    await this.#sandbox.send("POST", "/_sandbox/clock", { advance_seconds: ms / 1_000 });
  }

  /** Logs Ann in, as a program does. */
  async logIn(): Promise<void> {
    const started = JSON.parse((await this.run(["login", "--no-wait"])).stdout);
    await this.approve(started.user_code);
    const { exitCode, stderr } = await this.run(["login", "--resume", started.login_id, "--no-wait"]);
    assert.equal(exitCode, 0, stderr);
  }

  logInByToken(): Promise<string> {
    return this.#sandbox.logIn("v2");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#home[Symbol.asyncDispose]();
    await this.#sandbox[Symbol.asyncDispose]();
  }
}

Deno.test("a login that is started without a wait is finished by the command that it names", async () => {
  await using machine = await Machine.start();
  const started = JSON.parse((await machine.run(["login", "--no-wait"])).stdout);
  const [, ...resume] = started.next_step.replace(/^.*? (?=login )/, " ").split(" ");

  const early = await machine.run([...resume, "--no-wait"]);
  assert.deepEqual([early.exitCode, JSON.parse(early.stdout).status], [75, "pending"]);

  await machine.approve(started.user_code);
  const { exitCode, stdout } = await machine.run(resume);
  assert.equal(exitCode, 0);
  assert.match(stdout, /^Logged in: Ann \(ou_\w+\), tenant \w+\nPermissions: .*offline_access/);
  // The same login, asked about again, has the same outcome.
  assert.equal((await machine.run([...resume, "--no-wait"])).exitCode, 0);
});

Deno.test("login --resume finds the newest login that waits, and shows its link", async () => {
  await using machine = await Machine.start();
  const started = JSON.parse((await machine.run(["login", "--no-wait"])).stdout);
  await machine.approve(started.user_code);
  const { exitCode, stdout, stderr } = await machine.run(["login", "--resume"]);
  assert.equal(exitCode, 0, stderr);
  assert.ok(stderr.includes(`\n${started.verification_url}\n`), stderr);
  assert.match(stdout, /^Logged in: Ann/);
});

Deno.test("the other commands work with a login that is kept, until it is ended", async () => {
  await using machine = await Machine.start();
  await machine.logIn();

  const { logins: [ann] } = JSON.parse((await machine.run(["status", "--json"])).stdout);
  assert.deepEqual([ann.user.name, ann.renewable, ann.needs_login], ["Ann", true, false]);
  assert.match((await machine.run(["status"])).stdout, /^Ann \(ou_\w+\) .* good$/m);

  const token = (await machine.run(["token", "user"])).stdout;
  assert.match(token, /^eyJ|^u-/);
  const script = `test "$FEISHU_USER_ACCESS_TOKEN" = "${token.trim()}"`;
  const program = await machine.run(["exec", "--user", "Ann", "--", "sh", "-c", script]);
  assert.deepEqual([program.exitCode, program.stderr], [0, ""]);

  const ended = await machine.run(["logout", "--yes"]);
  assert.equal(ended.exitCode, 0);
  assert.match(ended.stdout, /^Logged out: Ann \(ou_\w+\)\. Feishu /);
  assert.deepEqual(JSON.parse((await machine.run(["status", "--json"])).stdout), {
    logins: [],
    renewed_by: [],
  });
  assert.equal((await machine.run(["token", "user"])).exitCode, 4);
});

Deno.test("keep renews a login once it is due, and finds nothing to do before", async () => {
  await using machine = await Machine.start();
  await machine.logIn();
  assert.equal((await machine.run(["keep"])).stdout, "Nothing was due\n");
  await machine.pass(5 * 86_400_000);
  const { exitCode, stdout, stderr } = await machine.run(["keep"]);
  assert.deepEqual([exitCode, stderr], [0, ""]);
  assert.match(stdout, /^Ann \(ou_\w+\) of cli_\w+: renewed; good until .* \(in 7 days\)\n$/);
});

Deno.test("a login with fewer permissions is not taken before somebody says so", async () => {
  await using machine = await Machine.start();
  await machine.logIn();
  const asked = ["login", "--no-wait", "--scope", "auth:user.id:read"];
  const started = JSON.parse((await machine.run(asked)).stdout);
  await machine.approve(started.user_code, "auth:user.id:read");
  const resume = ["login", "--resume", started.login_id];
  const narrower = await machine.run(resume);
  assert.equal(narrower.exitCode, 4, narrower.stderr);
  assert.match(narrower.stderr, /The new one would lose: \S+/);
  const taken = await machine.run([...resume, "--replace"]);
  assert.equal(taken.exitCode, 0, taken.stderr);
});

Deno.test("login import keeps the login that a refresh token belongs to", async () => {
  await using machine = await Machine.start();
  const stdin = await machine.logInByToken();
  const { exitCode, stdout, stderr } = await machine.run(["login", "import"], { stdin });
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /^Logged in: /);
  assert.equal((await machine.run(["token", "user"])).exitCode, 0);
});
