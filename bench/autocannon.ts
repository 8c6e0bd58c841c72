import { z } from "zod";
import type { LoadResult, LoadTarget, LoadTool } from "./load_tool.ts";
import { runCommand } from "../harness/run_command.ts";

const VERSION = "9.0.0";

const Report = z.object({
  requests: z.object({ total: z.number() }),
  duration: z.number(),
  non2xx: z.number(),
  errors: z.number(),
});

/**
 * autocannon, from npm: everywhere to be had. It is slower than the bare server, so that ratios come out too good on a
 * machine of few cores.
 */
export const AUTOCANNON: LoadTool = {
  name: `autocannon ${VERSION}`,
  async run({ url, headers, body }: LoadTarget, connections: number, seconds: number): Promise<LoadResult> {
    const { output } = await runCommand("npx", [
      ...["--yes", `autocannon@${VERSION}`, "--json", "--method", "POST", "--body", body],
      ...["--connections", String(connections), "--duration", String(seconds)],
      ...Object.entries(headers).flatMap(([name, value]) => ["--headers", `${name}=${value}`]),
      url,
    ]);
    const { requests, duration, non2xx, errors } = Report.parse(JSON.parse(output));
    return {
      requests: requests.total,
      requestsPerSecond: requests.total / duration,
      failures: non2xx + errors,
    };
  },
};
