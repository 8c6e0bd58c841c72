import { z } from "zod";
import { median } from "../median.ts";
import { Callers } from "./callers.ts";
import { Cluster } from "./cluster.ts";
import { freshStore, type StoreKind } from "./fresh_store.ts";
import { toolCall } from "./mcp_request.ts";
import { APP_TOKEN_PATH, type Upstream } from "./upstream.ts";
import { medianWaits, type Waits } from "./waits.ts";

/** Inside the window in which a renewal runs in the background, whatever its jitter. */
const LEFT_SECONDS = 24 * 60;
/** A token with more left was issued after the stall. */
const FRESH_SECONDS = 3600;
/** After a renewal that failed, or that another process was at, a process lets some seconds pass. */
const RENEWED_WITHIN_MS = 30_000;
const POLL_MS = 250;

const APP_TOKEN = toolCall("get_feishu_app_token");
const Answer = z.object({
  result: z.object({ structuredContent: z.object({ expires_in: z.number() }) }),
});

/** How the stall is measured. */
export interface StallOptions {
  readonly callers: number;
  readonly processes: number;
  readonly rounds: number;
  /** Requests of all callers a second. */
  readonly perSecond: number;
  /** How long Feishu does not answer, in milliseconds. The undisturbed part of a round is as long. */
  readonly stallMs: number;
}

/** The rounds, in medians. */
export interface StallFigures {
  readonly undisturbed: Waits;
  readonly stalled: Waits;
  /** Of the two p99 in one round. */
  readonly ratio: number;
  /** Renewals that hung, of the round with fewest of them: with none nothing was measured. */
  readonly hungCalls: number;
}

interface Sample {
  readonly undisturbed: Waits;
  readonly stalled: Waits;
  readonly hungCalls: number;
}

/**
 * Lets callers ask for an app token that is good: first one that needs no renewal, then one that is being renewed
 * by a Feishu that does not answer.
 */
export async function measureStall(
  store: StoreKind,
  upstream: Upstream,
  { callers: count, processes, rounds, perSecond, stallMs }: StallOptions,
): Promise<StallFigures> {
  await using fresh = await freshStore(store);
  await upstream.control.reset();
  await using cluster = await Cluster.start({
    processes,
    kv: fresh.kv,
    dataFolder: fresh.folder,
    upstreamUrl: upstream.url,
  });
  using callers = await Callers.connect(cluster.urls, count);
  const samples: Sample[] = [];
  // The first round is the warm-up.
  for (let round = 0; round <= rounds; round++) {
    const leftSeconds = await renewed(callers);
    const undisturbed = await callers.askSteadily(APP_TOKEN, perSecond, stallMs);
    const callsBefore = await upstream.control.callsTo(APP_TOKEN_PATH);
    await upstream.control.fault({ kind: "hang", path: APP_TOKEN_PATH });
    await upstream.control.advance(leftSeconds - LEFT_SECONDS);
    const stalled = await callers.askSteadily(APP_TOKEN, perSecond, stallMs);
    const hungCalls = await upstream.control.callsTo(APP_TOKEN_PATH) - callsBefore;
    await upstream.control.clearFaults();
    if (round > 0) samples.push({ undisturbed, stalled, hungCalls });
  }
  return {
    undisturbed: medianWaits(samples.map(({ undisturbed }) => undisturbed)),
    stalled: medianWaits(samples.map(({ stalled }) => stalled)),
    ratio: median(samples.map(({ undisturbed, stalled }) => stalled.p99 / undisturbed.p99)),
    hungCalls: Math.min(...samples.map(({ hungCalls }) => hungCalls)),
  };
}

/** Waits until every process has a token that is far from its end; what the shortest of them has left, in seconds. */
async function renewed(callers: Callers): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    const bodies = await callers.askEach(APP_TOKEN);
    const left = bodies.map((body) => Answer.parse(JSON.parse(body)).result.structuredContent.expires_in);
    if (Math.min(...left) > FRESH_SECONDS) return Math.min(...left);
    if (performance.now() - startedMs > RENEWED_WITHIN_MS) {
      throw new Error(`No new app token in time: one has ${Math.min(...left)} s left`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
