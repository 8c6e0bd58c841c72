import { eventually } from "../support/eventually.ts";

/** What `/readyz` of the server at `url`, its MCP endpoint, says. */
export async function readiness(url: string): Promise<{ readonly status: number; readonly reason?: string }> {
  const response = await fetch(url.replace(/\/mcp$/, "/readyz"));
  const { reason } = await response.json();
  return { status: response.status, reason };
}

/** Waits until the server at `url` is ready. */
export async function untilReady(url: string): Promise<void> {
  await eventually(() => "a store that is ready", async () => (await readiness(url)).status === 200);
}

/** Waits until the server at `url` says that it is not ready. An answer is repeated for two seconds. */
export async function untilAway(url: string): Promise<void> {
  await eventually(() => "a store that is away", async () => (await readiness(url)).status === 503);
}
