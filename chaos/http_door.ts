import type { Door } from "./door.ts";

/** Asks over Streamable HTTP, each question by itself, as any load balancer might deal them out. */
export class HttpDoor implements Door {
  readonly #url: string;

  /** @param url the MCP endpoint. */
  constructor(url: string) {
    this.#url = url;
  }

  async ask(message: Readonly<Record<string, unknown>>, _id: number, signal: AbortSignal): Promise<unknown> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { accept: "application/json, text/event-stream", "content-type": "application/json" },
      body: JSON.stringify(message),
      signal,
    });
    return await response.json();
  }
}
