import type { LoadTarget, LoadTool } from "./load_tool.ts";
import { median } from "./median.ts";
import type { ServerProcess } from "./server_process.ts";

/** One request to both servers. */
export interface Scenario {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The server that is measured. */
  readonly server: ServerProcess;
  /** The one it is compared with. */
  readonly bare: ServerProcess;
}

/** The rounds of one scenario, in medians. */
export interface LoadFigures {
  readonly name: string;
  readonly bareRequestsPerSecond: number;
  readonly requestsPerSecond: number;
  /** Of the two in one round: what else runs on the machine then meets both. */
  readonly ratio: number;
  /** Processor time a request, of all threads. */
  readonly bareMicroseconds: number;
  readonly microseconds: number;
  /** The bare server's processor time over the other's: what `ratio` would be on a machine with nothing else to do. */
  readonly processorRatio: number;
  readonly failures: number;
}

/** How the load is put on. */
export interface LoadOptions {
  readonly tool: LoadTool;
  readonly connections: number;
  /** Of one measurement. */
  readonly seconds: number;
  readonly rounds: number;
}

interface Sample {
  readonly requestsPerSecond: number;
  readonly microseconds: number;
  readonly failures: number;
}

/** Measures every scenario in every round, bare and real in turns, after one round that only warms up. */
export async function measureLoad(
  scenarios: readonly Scenario[],
  options: LoadOptions,
): Promise<LoadFigures[]> {
  const samples = new Map(scenarios.map((each) => [each, { bare: [] as Sample[], real: [] as Sample[] }]));
  for (let round = 0; round <= options.rounds; round++) {
    for (const [scenario, kept] of samples) {
      const bare = await sample(scenario.bare, scenario, options);
      const real = await sample(scenario.server, scenario, options);
      if (round === 0) continue;
      kept.bare.push(bare);
      kept.real.push(real);
    }
  }
  return [...samples].map(([{ name }, { bare, real }]) => ({
    name,
    bareRequestsPerSecond: median(bare.map(({ requestsPerSecond }) => requestsPerSecond)),
    requestsPerSecond: median(real.map(({ requestsPerSecond }) => requestsPerSecond)),
    ratio: median(
      real.map(({ requestsPerSecond }, round) => requestsPerSecond / (bare[round]?.requestsPerSecond ?? NaN)),
    ),
    bareMicroseconds: median(bare.map(({ microseconds }) => microseconds)),
    microseconds: median(real.map(({ microseconds }) => microseconds)),
    processorRatio: median(
      real.map(({ microseconds }, round) => (bare[round]?.microseconds ?? NaN) / microseconds),
    ),
    failures: [...bare, ...real].reduce((sum, { failures }) => sum + failures, 0),
  }));
}

async function sample(
  server: ServerProcess,
  { headers, body }: Scenario,
  { tool, connections, seconds }: LoadOptions,
): Promise<Sample> {
  const target: LoadTarget = { url: server.url, headers, body };
  const before = await server.processorMicroseconds();
  const { requestsPerSecond, requests, failures } = await tool.run(target, connections, seconds);
  const used = await server.processorMicroseconds() - before;
  return { requestsPerSecond, microseconds: used / requests, failures };
}
