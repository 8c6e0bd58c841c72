import { z } from "zod";

const Answered = z.object({
  result: z.object({ structuredContent: z.record(z.string(), z.unknown()).optional() }),
});

/** A thousand records may take a busy store longer than a server waits for it. */
const TRIES = 5;

/** Calls a tool of the server at `url`; its result. @throws Error with the answer where there is none. */
export async function askTool(
  url: string,
  name: string,
  args: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, unknown>>> {
  for (let tries = 1;; tries++) {
    try {
      return await askOnce(url, name, args);
    } catch (error) {
      const passes = error instanceof Error && error.message.includes('"store_unavailable"');
      if (!passes || tries === TRIES) throw error;
    }
  }
}

async function askOnce(
  url: string,
  name: string,
  args: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, {
    method: "POST",
    headers: { accept: "application/json, text/event-stream", "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } }),
  });
  const answer: unknown = await response.json();
  const { structuredContent } = Answered.parse(answer).result;
  if (structuredContent === undefined) throw new Error(`${name} failed: ${JSON.stringify(answer)}`);
  return structuredContent;
}
