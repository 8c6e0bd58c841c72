import { DemoClient } from "./demo_client.ts";
import { APP_TOKEN_PATH, type DemoStage, type KeptTokens, REFRESH_PATH } from "./demo_stage.ts";
import { isText } from "./is_text.ts";
import { offeredTools } from "./offered_tools.ts";
import { NO_FURTHER_CALL, received, seenToken } from "./seen_token.ts";

/** A client that starts the server itself finds in the store what the HTTP part has put there. */
export async function showStdio(stage: DemoStage, kept: KeptTokens): Promise<void> {
  const { report, sandbox, self } = stage;
  report.section({
    en: "3. The official MCP client over stdio, on the same store",
    zh: "3. 官方 MCP 客户端，通过 stdio，使用同一个存储",
  });
  const client = await DemoClient.overStdio(self, [
    "--stdio",
    "--sandbox-url",
    stage.sandboxUrl,
    "--kv",
    stage.store,
  ]);
  try {
    const tools = await offeredTools(client);
    report.check({ en: "the same tools", zh: "同样的工具" }, tools.isEvery, tools.seen);
    const app = await client.call("get_feishu_app_token");
    const calls = await sandbox.accepted(APP_TOKEN_PATH);
    report.check(
      { en: "the same app token", zh: "同一个应用令牌" },
      app.app_access_token === kept.appToken && calls === 4,
      seenToken(app.app_access_token, NO_FURTHER_CALL),
    );
    const third = await client.call("refresh_feishu_user_token", { refresh_token: kept.second });
    const newest = await client.call("refresh_feishu_user_token", { refresh_token: kept.first });
    const refreshes = await sandbox.accepted(REFRESH_PATH);
    report.check(
      {
        en: "the second refresh token gives a third, and the first now leads to that one",
        zh: "第二个 refresh_token 换得第三个，第一个现在也指向它",
      },
      isText(third.refresh_token) && third.refresh_token !== kept.second &&
        newest.refresh_token === third.refresh_token && refreshes === 2,
      seenToken(third.refresh_token, received(refreshes)),
    );
  } finally {
    await client.close();
  }
}
