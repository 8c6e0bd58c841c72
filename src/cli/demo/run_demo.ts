import type { Platform } from "../../compose.ts";
import { DemoClient } from "./demo_client.ts";
import { type DemoProgram, type SelfCommand, selfCommand, startProgram } from "./demo_programs.ts";
import { DemoReport, masked } from "./demo_report.ts";
import { DemoSandbox } from "./demo_sandbox.ts";

const MINUTE_SECONDS = 60;
const TOOLS = "get_feishu_app_token, refresh_feishu_user_token";
const APP_TOKEN_PATH = "app_access_token/internal";
const REFRESH_PATH = "oauth/token";
const BACKGROUND_POLLS = 100;
const POLL_MS = 50;

/** What the steps share. */
interface Stage {
  readonly platform: Platform;
  readonly report: DemoReport;
  readonly self: SelfCommand;
  readonly sandbox: DemoSandbox;
  readonly sandboxUrl: string;
  /** The store's file. */
  readonly store: string;
}

/**
 * Shows the whole program at work against a simulated Feishu, as real processes: every line printed is a claim that was
 * checked.
 *
 * @param self starts the program that is shown; this very one where it is not given.
 * @returns 0 if every claim held, else 1.
 */
export async function runDemo(
  platform: Platform,
  self: SelfCommand = selfCommand(platform.env),
): Promise<number> {
  const report = new DemoReport(platform.writeOutput);
  const folder = await Deno.makeTempDir({ prefix: "feishu-token-demo-" });
  const running: DemoProgram[] = [];
  try {
    const sandboxProgram = await startProgram(
      self,
      platform.clock,
      ["sandbox", "--port", "0"],
      /sandbox (http:\/\/\S+)/,
    );
    running.push(sandboxProgram);
    const stage: Stage = {
      platform,
      report,
      self,
      sandbox: new DemoSandbox(sandboxProgram.url, platform.fetch),
      sandboxUrl: sandboxProgram.url,
      store: `${folder}/tokens.kv`,
    };
    platform.writeOutput(
      `A simulated Feishu runs at ${sandboxProgram.url}; no account and no network is used.\n`,
    );
    const kept = await showHttp(stage, running);
    await showStdio(stage, kept);
    await showSecrecy(stage, folder, kept);
    const calls = await stage.sandbox.accepted("");
    platform.writeOutput(
      `\n${report.held} claims held, ${report.failed} did not. Feishu answered ${calls} calls in all.\n`,
    );
    return report.exitCode;
  } catch (error) {
    platform.writeOutput(`\nThe demonstration could not go on: ${error}\n`);
    return 1;
  } finally {
    for (const program of running.reverse()) await program.end("SIGKILL");
    await Deno.remove(folder, { recursive: true });
  }
}

/** What the HTTP part leaves behind for the others to find again. */
interface Kept {
  readonly appToken: unknown;
  readonly first: string;
  readonly second: unknown;
}

async function showHttp(stage: Stage, running: DemoProgram[]): Promise<Kept> {
  const { report, sandbox } = stage;
  report.section("1. The official MCP client over Streamable HTTP");
  let server = await startServer(stage);
  running.push(server);
  let client = await DemoClient.overHttp(server.url);
  const names = (await client.toolNames()).join(", ");
  report.check("the server offers two tools", names === TOOLS, names);

  const app = await client.call("get_feishu_app_token");
  report.check(
    "an app token",
    isText(app.app_access_token),
    `${masked(app.app_access_token)}, ${app.expires_in} s left`,
  );
  const again = await client.call("get_feishu_app_token");
  let calls = await sandbox.accepted(APP_TOKEN_PATH);
  report.check(
    "asked again, the same token without a call",
    again.app_access_token === app.app_access_token && calls === 1,
    `Feishu received ${calls} call`,
  );

  await sandbox.age(96 * MINUTE_SECONDS);
  const ageing = await client.call("get_feishu_app_token");
  const renewed = await untilChanged(stage, client, ageing.app_access_token);
  calls = await sandbox.accepted(APP_TOKEN_PATH);
  report.check(
    "96 minutes later, served at once and renewed behind the caller's back",
    ageing.app_access_token === app.app_access_token && renewed.app_access_token !== app.app_access_token &&
      calls === 2,
    `now ${masked(renewed.app_access_token)}, Feishu received ${calls} calls`,
  );
  await sandbox.age(117 * MINUTE_SECONDS);
  const waited = await client.call("get_feishu_app_token");
  calls = await sandbox.accepted(APP_TOKEN_PATH);
  report.check(
    "117 minutes later, three before its end, the caller waits for a new one",
    waited.app_access_token !== renewed.app_access_token && Number(waited.expires_in) > 7000 && calls === 3,
    `${masked(waited.app_access_token)}, ${waited.expires_in} s left, Feishu received ${calls} calls`,
  );

  const { refreshToken: first } = await sandbox.login("v2");
  const pair = await client.call("refresh_feishu_user_token", { refresh_token: first });
  let refreshes = await sandbox.accepted(REFRESH_PATH);
  report.check(
    "a refresh token is spent for a new pair",
    isText(pair.access_token) && isText(pair.refresh_token) && pair.refresh_token !== first &&
      refreshes === 1,
    `${masked(first)} → ${masked(pair.refresh_token)}, Feishu received ${refreshes} call`,
  );
  const stampede = await Promise.all(
    Array.from({ length: 20 }, () => client.call("refresh_feishu_user_token", { refresh_token: first })),
  );
  refreshes = await sandbox.accepted(REFRESH_PATH);
  report.check(
    "the spent one, presented 20 times at once, gets the same successor",
    stampede.every((each) => each.refresh_token === pair.refresh_token && each.replayed === true) &&
      refreshes === 1,
    `${masked(pair.refresh_token)}, Feishu still received ${refreshes} call`,
  );

  report.section("2. The server is killed with SIGKILL and started again");
  await client.close();
  await server.end("SIGKILL");
  server = await startServer(stage);
  running.push(server);
  client = await DemoClient.overHttp(server.url);
  const survivor = await client.call("get_feishu_app_token");
  calls = await sandbox.accepted(APP_TOKEN_PATH);
  report.check(
    "the app token survived",
    survivor.app_access_token === waited.app_access_token && calls === 3,
    `${masked(survivor.app_access_token)}, Feishu received no further call`,
  );
  const replayed = await client.call("refresh_feishu_user_token", { refresh_token: first });
  refreshes = await sandbox.accepted(REFRESH_PATH);
  report.check(
    "the spent refresh token still gets its successor",
    replayed.refresh_token === pair.refresh_token && refreshes === 1,
    `${masked(replayed.refresh_token)}, Feishu received no further call`,
  );
  await client.close();
  await server.end("SIGTERM");
  report.check(
    "nothing in the server's log shows a token",
    ![first, pair.refresh_token, pair.access_token, waited.app_access_token].some((token) =>
      server.log().includes(String(token))
    ),
    `${server.log().split("\n").length - 1} lines searched`,
  );
  return { appToken: waited.app_access_token, first, second: pair.refresh_token };
}

async function showStdio(stage: Stage, kept: Kept): Promise<void> {
  const { report, sandbox, self } = stage;
  report.section("3. The official MCP client over stdio, on the same store");
  const client = await DemoClient.overStdio(self, [
    "--stdio",
    "--sandbox-url",
    stage.sandboxUrl,
    "--kv",
    stage.store,
  ]);
  try {
    const names = (await client.toolNames()).join(", ");
    report.check("the same two tools", names === TOOLS, names);
    const app = await client.call("get_feishu_app_token");
    const calls = await sandbox.accepted(APP_TOKEN_PATH);
    report.check(
      "the same app token",
      app.app_access_token === kept.appToken && calls === 3,
      `${masked(app.app_access_token)}, Feishu received no further call`,
    );
    const third = await client.call("refresh_feishu_user_token", { refresh_token: kept.second });
    const newest = await client.call("refresh_feishu_user_token", { refresh_token: kept.first });
    const refreshes = await sandbox.accepted(REFRESH_PATH);
    report.check(
      "the second refresh token gives a third, and the first now leads to that one",
      isText(third.refresh_token) && third.refresh_token !== kept.second &&
        newest.refresh_token === third.refresh_token && refreshes === 2,
      `${masked(third.refresh_token)}, Feishu received ${refreshes} calls in all`,
    );
  } finally {
    await client.close();
  }
}

async function showSecrecy(stage: Stage, folder: string, kept: Kept): Promise<void> {
  const { report, platform } = stage;
  report.section("4. What is on disk");
  const secrets = [kept.appToken, kept.first, kept.second].map(String);
  let searched = 0;
  const readable: string[] = [];
  for (const path of await filesBelow(folder)) {
    const text = new TextDecoder("latin1").decode(await Deno.readFile(path));
    searched++;
    if (secrets.some((secret) => text.includes(secret))) readable.push(path);
  }
  report.check(
    "no token can be read in any file",
    readable.length === 0 && searched > 0,
    `${searched} files searched`,
  );
  if (platform.os === "windows") return;
  const modes = await Promise.all(
    (await filesBelow(folder)).map(async (path) => ((await Deno.stat(path)).mode ?? 0) & 0o777),
  );
  report.check(
    "every file is its owner's alone",
    modes.every((mode) => mode === 0o600),
    `mode ${modes[0]?.toString(8)}`,
  );
}

function startServer({ platform, self, sandboxUrl, store }: Stage): Promise<DemoProgram> {
  const args = [
    "--sandbox-url",
    sandboxUrl,
    "--port",
    "0",
    "--kv",
    store,
    "--log-format",
    "json",
    "--log-level",
    "debug",
  ];
  return startProgram(self, platform.clock, args, /"url":"(http:\/\/[^"]+)"/);
}

/** The background renewal takes as long as Feishu takes: asks until its token is the one served. */
async function untilChanged(
  { platform }: Stage,
  client: DemoClient,
  old: unknown,
): Promise<Record<string, unknown>> {
  let current = await client.call("get_feishu_app_token");
  for (let poll = 0; poll < BACKGROUND_POLLS && current.app_access_token === old; poll++) {
    await platform.clock.sleep(POLL_MS);
    current = await client.call("get_feishu_app_token");
  }
  return current;
}

async function filesBelow(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) paths.push(...await filesBelow(path));
    else paths.push(path);
  }
  return paths;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
