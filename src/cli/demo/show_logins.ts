import type { Phrase } from "../../errors/language.ts";
import { DemoClient } from "./demo_client.ts";
import type { DemoProgram } from "./demo_program.ts";
import type { DemoStage } from "./demo_stage.ts";
import { isText } from "./is_text.ts";
import { NO_FURTHER_CALL, seenToken } from "./seen_token.ts";
import { startServer } from "./start_server.ts";

const DAY_SECONDS = 24 * 60 * 60;
/** Polls of what the server does by itself, with this pause in milliseconds. */
const POLLS = 200;
const POLL_PAUSE_MS = 100;

/** Answer of a tool. */
type Answer = Record<string, unknown>;

/**
 * A person logs in through an agent, and stays logged in while nobody asks and over a restart; then they log out.
 *
 * @returns the tokens that were handed out.
 */
export async function showLogins(stage: DemoStage, running: DemoProgram[]): Promise<readonly string[]> {
  const { report, sandbox } = stage;
  report.section({ en: "4. A person logs in, and stays logged in", zh: "4. 用户登录，并保持登录" });
  let server = await startServer(stage);
  running.push(server);
  let client = await DemoClient.overHttp(server.url);

  const started = await client.call("start_feishu_login", { scopes: ["docx:document"] });
  report.check(
    { en: "the agent gets a link and a code to show", zh: "智能体拿到要展示的链接和代码" },
    isText(started.verification_url) && isText(started.user_code),
    { en: `code ${started.user_code}`, zh: `代码 ${started.user_code}` },
  );
  await sandbox.decide(String(started.user_code), "Zhang San");
  const done = await until(
    stage,
    () => client.call("finish_feishu_login", { login_id: started.login_id }),
    ({ status }) => status === "done",
  );
  report.check(
    { en: "the person agrees on Feishu's page", zh: "用户在飞书页面上同意授权" },
    done.status === "done",
    {
      en: `${nameIn(done)} is logged in`,
      zh: `${nameIn(done)} 已登录`,
    },
  );
  const first = await client.call("get_feishu_user_token");
  report.check(
    { en: "a token that acts as that person", zh: "代表该用户的令牌" },
    await sandbox.works(String(first.access_token)),
    seenToken(first.access_token, { en: "Feishu takes it", zh: "飞书接受它" }),
  );

  const before = renewedAt(await client.call("list_feishu_logins"));
  // The refresh token is renewed at half of its week, give or take a tenth.
  await sandbox.age(4.3 * DAY_SECONDS);
  const renewed = await until(
    stage,
    () => client.call("list_feishu_logins"),
    (answer) => renewedAt(answer) > before + DAY_SECONDS,
  );
  await sandbox.age(3.7 * DAY_SECONDS);
  const kept = await client.call("get_feishu_user_token");
  report.check(
    {
      en: "eight days later, though nobody asked and a refresh token lives seven",
      zh: "八天后，其间无人使用，而 refresh_token 只有七天有效",
    },
    renewedAt(renewed) > before + DAY_SECONDS && await sandbox.works(String(kept.access_token)),
    seenToken(kept.access_token, { en: "renewed by the server itself", zh: "由服务自行刷新" }),
  );
  await client.close();
  await server.end("SIGKILL");
  server = await startServer(stage);
  running.push(server);
  client = await DemoClient.overHttp(server.url);
  const after = await client.call("get_feishu_user_token");
  report.check(
    { en: "killed and started again, still logged in", zh: "强制终止并重新启动后，仍处于登录状态" },
    after.access_token === kept.access_token && await sandbox.works(String(after.access_token)),
    seenToken(after.access_token, NO_FURTHER_CALL),
  );
  const ended = await client.call("revoke_feishu_login", { user: "Zhang San" });
  const none = await client.call("get_feishu_user_token");
  report.check(
    { en: "logged out, here and at Feishu", zh: "已退出登录，本服务和飞书都已生效" },
    ended.upstream === "revoked" && none.access_token === undefined &&
      !await sandbox.works(String(after.access_token)),
    { en: "the token is refused", zh: "该令牌被拒绝" },
  );
  await client.close();
  await server.end("SIGTERM");
  return [first.access_token, kept.access_token, after.access_token].map(String);
}

async function until(
  { platform }: DemoStage,
  ask: () => Promise<Answer>,
  isMet: (answer: Answer) => boolean,
): Promise<Answer> {
  let answer = await ask();
  for (let poll = 0; poll < POLLS && !isMet(answer); poll++) {
    await platform.clock.sleep(POLL_PAUSE_MS);
    answer = await ask();
  }
  return answer;
}

/** When the only login was renewed last, Unix seconds. */
function renewedAt({ logins }: Answer): number {
  const [login] = Array.isArray(logins) ? logins as readonly Record<string, unknown>[] : [];
  return Number(login?.last_renewed_at);
}

function nameIn({ user }: Answer): Phrase["en"] {
  return typeof user === "object" && user !== null && "name" in user ? String(user.name) : "?";
}
