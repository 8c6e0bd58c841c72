import { FOREIGN_SANDBOX_APP } from "../../src/sandbox/sandbox_apps.ts";
import { median } from "../median.ts";
import { Callers } from "./callers.ts";
import { Cluster } from "./cluster.ts";
import { freshStore, type StoreKind } from "./fresh_store.ts";
import { type McpRequest, toolCall } from "./mcp_request.ts";
import { APP_TOKEN_PATH, REFRESH_PATH, type Upstream } from "./upstream.ts";
import { medianWaits, type Waits } from "./waits.ts";

const WARM_UP_TURNS = 3;

/** How large the stampede is. */
export interface StampedeOptions {
  readonly callers: number;
  readonly processes: number;
  readonly rounds: number;
  /** What Feishu takes for a call, in milliseconds. */
  readonly latencyMs: number;
}

/** The rounds of one stampede, in medians. */
export interface StampedeFigures {
  /** What Feishu took. */
  readonly upstreamMs: number;
  /** No process has the token yet. */
  readonly cold: Waits;
  /** The same callers once more, now that it is there: what they cost by themselves. */
  readonly warm: Waits;
  /** p99 of the cold ones beyond what Feishu took, in milliseconds. */
  readonly beyondUpstreamMs: number;
  /** Calls that Feishu saw, of the round with most of them. */
  readonly upstreamCalls: number;
}

type Sample = Omit<StampedeFigures, "beyondUpstreamMs">;

/**
 * Lets all callers ask at once for what no process has yet: for the app token, then for the pair that follows one refresh
 * token. Every round has processes of its own on an empty store.
 */
export async function measureStampede(
  store: StoreKind,
  upstream: Upstream,
  options: StampedeOptions,
): Promise<{ readonly app: StampedeFigures; readonly refresh: StampedeFigures }> {
  const app: Sample[] = [];
  const refresh: Sample[] = [];
  for (let round = 0; round < options.rounds; round++) {
    await using fresh = await freshStore(store);
    await upstream.control.reset();
    await using cluster = await Cluster.start({
      processes: options.processes,
      kv: fresh.kv,
      dataFolder: fresh.folder,
      upstreamUrl: upstream.url,
    });
    using callers = await Callers.connect(cluster.urls, options.callers);
    await warmUp(callers, upstream);
    const token = await upstream.control.logIn("v2");
    await upstream.control.fault({ kind: "slow", ms: options.latencyMs });
    const forToken = toolCall("get_feishu_app_token");
    const forPair = toolCall("refresh_feishu_user_token", { refresh_token: token });
    app.push(await sample(callers, upstream, APP_TOKEN_PATH, forToken));
    refresh.push(await sample(callers, upstream, REFRESH_PATH, forPair));
  }
  return { app: figures(app), refresh: figures(refresh) };
}

/** Has every caller ask for both kinds of token of another app: code that never ran is slow by itself. */
async function warmUp(callers: Callers, upstream: Upstream): Promise<void> {
  const app = FOREIGN_SANDBOX_APP;
  const token = await upstream.control.logIn("v2", app);
  for (let turn = 0; turn < WARM_UP_TURNS; turn++) {
    await callers.askAtOnce(toolCall("get_feishu_app_token", {}, app));
    await callers.askAtOnce(toolCall("refresh_feishu_user_token", { refresh_token: token }, app));
  }
}

async function sample(
  callers: Callers,
  upstream: Upstream,
  path: string,
  request: McpRequest,
): Promise<Sample> {
  const callsBefore = await upstream.control.callsTo(path);
  const cold = await callers.askAtOnce(request);
  const upstreamCalls = await upstream.control.callsTo(path) - callsBefore;
  const warm = await callers.askAtOnce(request);
  return { cold, warm, upstreamMs: await upstream.latencyMs(), upstreamCalls };
}

function figures(samples: readonly Sample[]): StampedeFigures {
  return {
    upstreamMs: median(samples.map(({ upstreamMs }) => upstreamMs)),
    cold: medianWaits(samples.map(({ cold }) => cold)),
    warm: medianWaits(samples.map(({ warm }) => warm)),
    beyondUpstreamMs: median(samples.map(({ cold, upstreamMs }) => cold.p99 - upstreamMs)),
    upstreamCalls: Math.max(...samples.map(({ upstreamCalls }) => upstreamCalls)),
  };
}
