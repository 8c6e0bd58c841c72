import assert from "node:assert/strict";
import { eventually } from "../support/eventually.ts";
import { handled } from "./handled.ts";
import { LAUNCHERS, TerminalWorld } from "./terminal_world.ts";
import { refresh } from "./tool_answer.ts";
import { untilClosed } from "./until_closed.ts";
import type { World } from "./world.ts";

/** The pair that came of `refreshToken` was kept, and Feishu was asked once. */
async function assertKept(world: World, refreshToken: string, successor?: string): Promise<void> {
  const restarted = await world.start();
  const again = await refresh(await restarted.listens(), refreshToken);
  assert.equal(again.replayed, true);
  if (successor !== undefined) assert.equal(again.refresh_token, successor);
  assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
}

/** What stands in a file, once something does. */
async function fileOf(path: string): Promise<string> {
  let text = "";
  await eventually(() => `something in ${path}`, async () => (text = await Deno.readTextFile(path)) !== "");
  return text;
}

for (const launcher of LAUNCHERS) {
  Deno.test(`${launcher}, start: a Ctrl+C on a terminal loses no refresh that is under way`, async () => {
    await using opened = await TerminalWorld.create();
    if (opened === null) return;
    const { world } = opened;
    const first = await world.feishu.logIn();
    await world.feishu.faultNextRefresh({ kind: "hang" });
    const terminal = await opened.type(launcher, "start", "--port 0");
    const answered = handled(refresh(await terminal.listens(), first));
    await world.feishu.until(1, "pending");
    await terminal.interrupt();
    await terminal.shows(/"event":"stopping/);
    await world.feishu.clearFaults();
    const { refresh_token: successor } = await answered;
    // npx itself ends at once, and leaves the server to end by itself.
    if (launcher !== "npx") assert.equal(await terminal.exitCode(), 0);
    await terminal.hangUp();
    assert.doesNotMatch(terminal.text, /second signal:/);
    await assertKept(world, first, successor);
  });

  Deno.test(`${launcher}, token refresh: a Ctrl+C on a terminal loses no refresh that is under way`, async () => {
    await using opened = await TerminalWorld.create();
    if (opened === null) return;
    const { world } = opened;
    const first = await world.feishu.logIn();
    await Deno.writeTextFile(`${world.home}/rt`, first);
    await world.feishu.faultNextRefresh({ kind: "hang" });
    const rest = `refresh --format json < "${world.home}/rt" > "${world.home}/pair"`;
    const terminal = await opened.type(launcher, "token", rest);
    await world.feishu.until(1, "pending");
    await terminal.interrupt();
    await terminal.shows(/finishing what is in progress/);
    await world.feishu.clearFaults();
    if (launcher !== "npx") assert.equal(await terminal.exitCode(), 0);
    const pair = JSON.parse(await fileOf(`${world.home}/pair`));
    await terminal.hangUp();
    await assertKept(world, first, pair.refresh_token);
  });

  Deno.test(`${launcher}, start: closing the terminal loses no refresh that is under way`, async () => {
    await using opened = await TerminalWorld.create();
    if (opened === null) return;
    const { world } = opened;
    const first = await world.feishu.logIn();
    await world.feishu.faultNextRefresh({ kind: "hang" });
    const terminal = await opened.type(launcher, "start", "--port 0");
    const url = await terminal.listens();
    const answered = handled(refresh(url, first));
    await world.feishu.until(1, "pending");
    const closed = terminal.hangUp();
    await untilClosed(url);
    await world.feishu.clearFaults();
    const { refresh_token: successor } = await answered;
    await closed;
    await assertKept(world, first, successor);
  });
}
