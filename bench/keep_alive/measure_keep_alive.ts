import { z } from "zod";
import { pause } from "../../harness/pause.ts";
import { freshStore, type StoreKind } from "../renewal/fresh_store.ts";
import { Upstream } from "../renewal/upstream.ts";
import { askTool } from "./ask_tool.ts";
import { Feishu } from "./feishu.ts";
import { type KeepAliveFigures, keepAliveFigures, type SeenRenewal } from "./keep_alive_figures.ts";
import { logEveryoneIn, openIdOf } from "./log_in.ts";
import { startServers } from "./start_servers.ts";

const LOOK_EVERY_MS = 500;
/** After so much time without a renewal a server is asked whether any is due: that costs it a second. */
const QUIET_MS = 2_500;
/** So long without a renewal although one is due is a failure. */
const STUCK_MS = 150_000;
const DAY_SECONDS = 86_400;

const Kept = z.object({ logins: z.array(z.object({ next_renewal_at: z.number().optional() })) });

/** What is measured. */
export interface KeepAliveOptions {
  readonly grants: number;
  readonly days: number;
  readonly processes: number;
  readonly store: StoreKind;
  /** By how much the clock is moved at a time. */
  readonly stepDays: number;
}

/** The figures, how long it took, and how many people have a token in the end. */
export interface KeepAliveMeasured {
  readonly figures: KeepAliveFigures;
  readonly tookMs: number;
  readonly served: number;
}

/** Logs people in, and lets days pass in which nobody asks for a token. */
export async function measureKeepAlive(
  { grants, days, processes, store: kind, stepDays }: KeepAliveOptions,
  say: (text: string) => void,
): Promise<KeepAliveMeasured> {
  const startedMs = performance.now();
  await using upstream = await Upstream.start();
  await using store = await freshStore(kind);
  const feishu = new Feishu(upstream.url);
  await using servers = await startServers({
    ...{ count: processes, feishu, feishuUrl: upstream.url, kv: store.kv },
    dataFolder: `${store.folder}/data`,
  });
  await logEveryoneIn(feishu, servers.urls, grants);
  say(`${grants} people are logged in`);
  const renewals: SeenRenewal[] = [];
  for (let day = stepDays; day <= days; day += stepDays) {
    await feishu.advance(stepDays * DAY_SECONDS);
    await untilNoneIsDue(feishu, servers.urls[0] ?? "", renewals);
    say(`day ${day}: ${renewals.length} renewals`);
  }
  const figures = keepAliveFigures(await feishu.grants(), renewals, await feishu.nowSeconds());
  const served = await askForEveryone(servers.urls, grants);
  return { figures, served, tookMs: performance.now() - startedMs };
}

/** Collects renewals until no grant is due. @throws Error where one is, and nothing happens. */
async function untilNoneIsDue(feishu: Feishu, url: string, renewals: SeenRenewal[]): Promise<void> {
  let lastMs = performance.now();
  let lookedMs = lastMs;
  for (;;) {
    await pause(LOOK_EVERY_MS);
    const found = await feishu.newRenewals();
    renewals.push(...found);
    if (found.length > 0) lastMs = lookedMs = performance.now();
    if (performance.now() - lookedMs < QUIET_MS) continue;
    const due = await dueAt(url, await feishu.nowSeconds());
    if (due === 0) return;
    if (performance.now() - lastMs > STUCK_MS) throw new Error(`${due} grants are due, and none is renewed`);
    lookedMs = performance.now();
  }
}

/** How many grants are due, by what the server at `url` tells. */
async function dueAt(url: string, nowSeconds: number): Promise<number> {
  const { logins } = Kept.parse(await askTool(url, "list_feishu_logins", {}));
  return logins.filter(({ next_renewal_at = Infinity }) => next_renewal_at <= nowSeconds).length;
}

/** How many people have a token. */
async function askForEveryone(urls: readonly string[], count: number): Promise<number> {
  let served = 0;
  const numbers = Array(count).keys();
  await Promise.all(urls.map(async (url) => {
    for (const number of numbers) {
      const { access_token } = await askTool(url, "get_feishu_user_token", { user: openIdOf(number) });
      if (typeof access_token === "string") served++;
    }
  }));
  return served;
}
