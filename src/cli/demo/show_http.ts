import type { Phrase } from "../../errors/language.ts";
import { DemoClient } from "./demo_client.ts";
import type { DemoProgram } from "./demo_program.ts";
import { masked } from "./demo_report.ts";
import { APP_TOKEN_PATH, type DemoStage, type KeptTokens, REFRESH_PATH } from "./demo_stage.ts";
import { isText } from "./is_text.ts";
import { offeredTools } from "./offered_tools.ts";
import { startServer } from "./start_server.ts";
import { left, NO_FURTHER_CALL, received, seenToken } from "./seen_token.ts";

const MINUTE_SECONDS = 60;
/** What Feishu's APIs answer to a token that is no longer valid. */
const INVALID_TENANT_TOKEN = 99991663;
const BACKGROUND_POLLS = 100;
const POLL_MS = 50;

/**
 * Tokens over HTTP: served from the store, renewed ahead of time, rotated; then the server is killed and asked again.
 */
export async function showHttp(stage: DemoStage, running: DemoProgram[]): Promise<KeptTokens> {
  const { report, sandbox } = stage;
  report.section({
    en: "1. The official MCP client over Streamable HTTP",
    zh: "1. 官方 MCP 客户端，通过 Streamable HTTP",
  });
  let server = await startServer(stage);
  running.push(server);
  let client = await DemoClient.overHttp(server.url);
  const tools = await offeredTools(client);
  report.check({ en: "the server offers every tool", zh: "服务提供全部工具" }, tools.isEvery, tools.seen);

  const app = await client.call("get_feishu_app_token");
  report.check(
    { en: "an app token", zh: "应用令牌" },
    isText(app.app_access_token),
    seenToken(app.app_access_token, left(app.expires_in)),
  );
  const again = await client.call("get_feishu_app_token");
  let calls = await sandbox.accepted(APP_TOKEN_PATH);
  report.check(
    { en: "asked again, the same token without a call", zh: "再次获取，得到同一个令牌，没有再请求飞书" },
    again.app_access_token === app.app_access_token && calls === 1,
    received(calls),
  );

  await sandbox.age(96 * MINUTE_SECONDS);
  const ageing = await client.call("get_feishu_app_token");
  const renewed = await untilChanged(stage, client, ageing.app_access_token);
  calls = await sandbox.accepted(APP_TOKEN_PATH);
  report.check(
    {
      en: "96 minutes later, served at once and renewed in the background",
      zh: "96 分钟后，立即返回并在后台刷新",
    },
    ageing.app_access_token === app.app_access_token && renewed.app_access_token !== app.app_access_token &&
      calls === 2,
    seenToken(renewed.app_access_token, received(calls)),
  );
  await sandbox.age(117 * MINUTE_SECONDS);
  const waited = await client.call("get_feishu_app_token");
  calls = await sandbox.accepted(APP_TOKEN_PATH);
  report.check(
    {
      en: "117 minutes later, three before it expires, the caller waits for a new one",
      zh: "再过 117 分钟，距到期 3 分钟，调用方等到新的令牌",
    },
    waited.app_access_token !== renewed.app_access_token && Number(waited.expires_in) > 7000 && calls === 3,
    seenToken(waited.app_access_token, left(waited.expires_in), received(calls)),
  );

  await sandbox.revoke(String(waited.app_access_token));
  const rejected = { token: waited.app_access_token, feishu_code: INVALID_TENANT_TOKEN };
  const reports = await Promise.all(
    Array.from({ length: 20 }, () => client.call("report_feishu_token_rejected", rejected)),
  );
  const current = await client.call("get_feishu_app_token");
  calls = await sandbox.accepted(APP_TOKEN_PATH);
  report.check(
    {
      en: "Feishu revokes it early, 20 callers report it, and all get the same new one",
      zh: "飞书提前撤销该令牌，20 个调用方同时上报，得到同一个新令牌",
    },
    current.app_access_token !== waited.app_access_token &&
      reports.every((each) => each.access_token === current.app_access_token) && calls === 4,
    seenToken(current.app_access_token, received(calls)),
  );

  const { refreshToken: first } = await sandbox.login("v2");
  const pair = await client.call("refresh_feishu_user_token", { refresh_token: first });
  let refreshes = await sandbox.accepted(REFRESH_PATH);
  report.check(
    { en: "a refresh token is spent for a new pair", zh: "用 refresh_token 换得新的令牌对" },
    isText(pair.access_token) && isText(pair.refresh_token) && pair.refresh_token !== first &&
      refreshes === 1,
    rotation(first, seenToken(pair.refresh_token, received(refreshes))),
  );
  const stampede = await Promise.all(
    Array.from({ length: 20 }, () => client.call("refresh_feishu_user_token", { refresh_token: first })),
  );
  refreshes = await sandbox.accepted(REFRESH_PATH);
  report.check(
    {
      en: "the spent one, presented 20 times at once, gets the same successor",
      zh: "把已用掉的那个同时提交 20 次，得到同一个新的 refresh_token",
    },
    stampede.every((each) => each.refresh_token === pair.refresh_token && each.replayed === true) &&
      refreshes === 1,
    seenToken(pair.refresh_token, received(refreshes)),
  );

  report.section({
    en: "2. The server is killed with SIGKILL and started again",
    zh: "2. 用 SIGKILL 强制终止服务，再重新启动",
  });
  await client.close();
  await server.end("SIGKILL");
  server = await startServer(stage);
  running.push(server);
  client = await DemoClient.overHttp(server.url);
  const survivor = await client.call("get_feishu_app_token");
  calls = await sandbox.accepted(APP_TOKEN_PATH);
  report.check(
    { en: "the app token survived", zh: "应用令牌仍在" },
    survivor.app_access_token === current.app_access_token && calls === 4,
    seenToken(survivor.app_access_token, NO_FURTHER_CALL),
  );
  const replayed = await client.call("refresh_feishu_user_token", { refresh_token: first });
  refreshes = await sandbox.accepted(REFRESH_PATH);
  report.check(
    {
      en: "the spent refresh token still gets its successor",
      zh: "已用掉的 refresh_token 仍能换得同一个新的",
    },
    replayed.refresh_token === pair.refresh_token && refreshes === 1,
    seenToken(replayed.refresh_token, NO_FURTHER_CALL),
  );
  await client.close();
  await server.end("SIGTERM");
  report.check(
    { en: "nothing in the server's log shows a token", zh: "服务日志中没有出现任何令牌" },
    ![first, pair.refresh_token, pair.access_token, rejected.token, current.app_access_token].some((token) =>
      server.log().includes(String(token))
    ),
    linesSearched(server.log().split("\n").length - 1),
  );
  return { appToken: current.app_access_token, first, second: pair.refresh_token };
}

/** Asks until the background renewal, which takes as long as Feishu takes, has replaced the token `old`. */
async function untilChanged(
  { platform }: DemoStage,
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

function rotation(spent: string, successor: Phrase): Phrase {
  const { en, zh } = masked(spent);
  return { en: `${en} → ${successor.en}`, zh: `${zh}→${successor.zh}` };
}

function linesSearched(count: number): Phrase {
  return { en: `${count} lines searched`, zh: `查找了 ${count} 行` };
}
