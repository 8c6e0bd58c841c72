import assert from "node:assert/strict";
import { eventually } from "../support/eventually.ts";
import { handled } from "./handled.ts";
import { ProjectCopy } from "./project_copy.ts";
import { LAUNCHERS, TerminalWorld } from "./terminal_world.ts";
import { refresh } from "./tool_answer.ts";
import { untilClosed } from "./until_closed.ts";
import { World } from "./world.ts";

const STOPPING = /"event":"stopping/;
const WAITING = /dev: the server has ended with 1: waiting for a change/;

/** How to start the parent without a launcher. */
function devArgs(project: ProjectCopy): string[] {
  const config = ["--config", `${project.path}/deno.json`];
  return ["run", "--quiet", "--no-prompt", ...config, "-P=dev", `${project.path}/tools/dev.ts`];
}

for (const launcher of LAUNCHERS) {
  Deno.test(`${launcher}, dev: a save during a refresh loses nothing, and the next server answers`, async () => {
    await using project = await ProjectCopy.make();
    await using opened = await TerminalWorld.create(project.path);
    if (opened === null) return;
    const { world } = opened;
    const first = await world.feishu.logIn();
    await world.feishu.faultNextRefresh({ kind: "hang" });
    const terminal = await opened.type(launcher, "dev", "--port 0");
    const url = await terminal.listens();
    const answered = handled(refresh(url, first));
    await world.feishu.until(1, "pending");
    await project.save("// a change");
    await terminal.shows(STOPPING);
    // Two more, while it stops: they cost no restart of their own.
    await project.save("// another change");
    await project.save("// and another");
    await world.feishu.clearFaults();
    const { refresh_token: successor } = await answered;
    const next = await terminal.shows(/"listening"[^]*"event":"listening","url":"([^"]+)"/);
    const again = await refresh(next, first);
    assert.deepEqual([again.refresh_token, again.replayed], [successor, true]);
    await terminal.interrupt();
    if (launcher !== "npx") assert.equal(await terminal.exitCode(), 0);
    await terminal.hangUp();
    assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
  });

  Deno.test(`${launcher}, dev: closing the terminal during a refresh loses nothing`, async () => {
    await using project = await ProjectCopy.make();
    await using opened = await TerminalWorld.create(project.path);
    if (opened === null) return;
    const { world } = opened;
    const first = await world.feishu.logIn();
    await world.feishu.faultNextRefresh({ kind: "hang" });
    const terminal = await opened.type(launcher, "dev", "--port 0");
    const url = await terminal.listens();
    const answered = handled(refresh(url, first));
    await world.feishu.until(1, "pending");
    const closed = terminal.hangUp();
    await untilClosed(url);
    await world.feishu.clearFaults();
    const { refresh_token: successor } = await answered;
    await closed;
    const restarted = await world.start();
    const again = await refresh(await restarted.listens(), first);
    assert.deepEqual([again.refresh_token, again.replayed], [successor, true]);
  });

  Deno.test(`${launcher}, dev: a Ctrl+C during a refresh loses nothing`, async () => {
    await using project = await ProjectCopy.make();
    await using opened = await TerminalWorld.create(project.path);
    if (opened === null) return;
    const { world } = opened;
    const first = await world.feishu.logIn();
    await world.feishu.faultNextRefresh({ kind: "hang" });
    const terminal = await opened.type(launcher, "dev", "--port 0");
    const answered = handled(refresh(await terminal.listens(), first));
    await world.feishu.until(1, "pending");
    await terminal.interrupt();
    await terminal.shows(STOPPING);
    await world.feishu.clearFaults();
    const { refresh_token: successor } = await answered;
    if (launcher !== "npx") assert.equal(await terminal.exitCode(), 0);
    await terminal.hangUp();
    const restarted = await world.start();
    const again = await refresh(await restarted.listens(), first);
    assert.deepEqual([again.refresh_token, again.replayed], [successor, true]);
    assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
  });
}

Deno.test("dev: a Ctrl+C while a server stops for a save is no second signal to it", async () => {
  await using project = await ProjectCopy.make();
  await using world = await World.create();
  const first = await world.feishu.logIn();
  await world.feishu.faultNextRefresh({ kind: "hang" });
  const parent = await world.start({ denoArgs: devArgs(project) });
  const answered = handled(refresh(await parent.listens(), first));
  await world.feishu.until(1, "pending");
  await project.save("// a change");
  await parent.says(STOPPING);
  parent.kill("SIGINT");
  await world.feishu.clearFaults();
  await answered;
  const { code, stderr } = await parent.end();
  assert.equal(code, 0);
  assert.equal(stderr.match(/"listening"/g)?.length, 1);
});

Deno.test("dev: a second Ctrl+C more than a second after the first ends the server at once", async () => {
  await using project = await ProjectCopy.make();
  await using world = await World.create();
  const first = await world.feishu.logIn();
  await world.feishu.faultNextRefresh({ kind: "hang" });
  const parent = await world.start({ denoArgs: devArgs(project) });
  const lost = assert.rejects(refresh(await parent.listens(), first));
  await world.feishu.until(1, "pending");
  const { code, stderr } = await parent.endsWhileSent("SIGINT");
  assert.equal(code, 130);
  assert.match(stderr, /"ended by a second signal: a renewal that was in flight may be lost/);
  await lost;
});

Deno.test("dev: a source that cannot be read ends the server until the next save", async () => {
  await using project = await ProjectCopy.make();
  await using world = await World.create();
  const parent = await world.start({ denoArgs: devArgs(project) });
  await parent.listens();
  const source = await Deno.readTextFile(`${project.path}/src/version.ts`);
  await project.save("export const = ;");
  await parent.says(WAITING);
  await Deno.writeTextFile(`${project.path}/src/version.ts`, source);
  await parent.says(/waiting for a change[^]*"event":"listening"/);
  parent.kill("SIGTERM");
  assert.equal((await parent.end()).code, 0);
});

Deno.test("dev: starts anew for an env file that comes and goes", async () => {
  await using project = await ProjectCopy.make();
  await using world = await World.create();
  const file = `${project.path}/.env`;
  const parent = await world.start({
    denoArgs: devArgs(project),
    args: ["--env-file-if-exists", ".env"],
    cwd: project.path,
  });
  await parent.listens();
  await Deno.writeTextFile(file, "FEISHU_TOKEN_LOG_LEVEL=nonsense\n");
  await parent.says(/FEISHU_TOKEN_LOG_LEVEL[^]*dev: the server has ended with 2/);
  await Deno.remove(file);
  await parent.says(/waiting for a change[^]*"event":"listening"/);
  parent.kill("SIGTERM");
  assert.equal((await parent.end()).code, 0);
});

Deno.test("dev: files that are no sources start nothing anew", async () => {
  await using project = await ProjectCopy.make();
  await using world = await World.create();
  const parent = await world.start({ denoArgs: devArgs(project) });
  await parent.listens();
  await Deno.writeTextFile(`${project.path}/notes.md`, "no source\n");
  await Deno.writeTextFile(`${project.path}/deno.lock`, "\n", { append: true });
  await project.save("// a change");
  await parent.says(/"listening"[^]*"listening"/);
  parent.kill("SIGTERM");
  const { stderr } = await parent.end();
  assert.deepEqual(stderr.match(/dev: .*/g), [
    "dev: src/version.ts has changed: restarting when the server has ended",
  ]);
});

Deno.test("dev: the server ends, in order, with a parent that is killed", async () => {
  await using project = await ProjectCopy.make();
  await using world = await World.create();
  const first = await world.feishu.logIn();
  await world.feishu.faultNextRefresh({ kind: "hang" });
  const parent = await world.start({ denoArgs: devArgs(project) });
  const answered = handled(refresh(await parent.listens(), first));
  await world.feishu.until(1, "pending");
  parent.kill("SIGKILL");
  await parent.says(STOPPING);
  await world.feishu.clearFaults();
  await answered;
  // Its streams are the server's too: they end with that.
  await parent.end();
  await eventually(
    () => "the refresh is accepted",
    async () => (await world.feishu.refreshes()).join() === "accepted",
  );
});

Deno.test("dev --stdio serves one client on the standard streams", async () => {
  await using project = await ProjectCopy.make();
  await using world = await World.create();
  const parent = await world.start({ denoArgs: devArgs(project), isStdio: true });
  await parent.send({ jsonrpc: "2.0", id: "before", method: "ping" });
  await parent.answers(/"id":"before"/);
  await project.save("// a change");
  await parent.says(/serving one MCP client[^]*serving one MCP client/);
  await parent.send({ jsonrpc: "2.0", id: "after", method: "ping" });
  await parent.answers(/"id":"after"/);
  parent.kill("SIGTERM");
  assert.equal((await parent.end()).code, 0);
});
