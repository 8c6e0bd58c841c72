import { DEFAULT_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { sandboxUser } from "../../src/sandbox/sandbox_user.ts";
import { pause } from "../../harness/pause.ts";
import { askTool } from "./ask_tool.ts";
import type { Feishu } from "./feishu.ts";

const ASK_AGAIN_MS = 200;
const TRIES = 100;
const AT_ONCE = 6;

/** The `open_id` of the person with this number. */
export function openIdOf(number: number): string {
  return sandboxUser(DEFAULT_SANDBOX_APP, nameOf(number)).openId;
}

/** Logs `count` people in by the device flow, each at one server, and asks another one how it stands. */
export async function logEveryoneIn(feishu: Feishu, urls: readonly string[], count: number): Promise<void> {
  const numbers = Array(count).keys();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const number of numbers) await logIn(feishu, urls, number);
  }));
}

async function logIn(feishu: Feishu, urls: readonly string[], number: number): Promise<void> {
  const at = (index: number): string => urls[index % urls.length] ?? "";
  const { login_id, user_code } = await askTool(at(number), "start_feishu_login", { user: openIdOf(number) });
  await feishu.approve(String(user_code), nameOf(number));
  for (let tries = 0; tries < TRIES; tries++) {
    const { status } = await askTool(at(number + 1), "finish_feishu_login", { login_id: String(login_id) });
    if (status === "done") return;
    await pause(ASK_AGAIN_MS);
  }
  throw new Error(`Person ${number} is not logged in`);
}

function nameOf(number: number): string {
  return `person ${number + 1}`;
}
