/** Hands requests to its targets in turn, and to the next one where nobody listens any more. */
export class LoadBalancer implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #targets: string[] = [];
  #turn = 0;

  /** On any free port of the loopback address. */
  constructor() {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, (request) => this.#hand(request));
  }

  /** The origin under which clients know the app. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Sends traffic to the origin `target` too. */
  add(target: string): void {
    this.#targets.push(target);
  }

  /** Diverts all new traffic from `target`. */
  remove(target: string): void {
    this.#targets = this.#targets.filter((each) => each !== target);
  }

  async #hand(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const { method } = request;
    const headers = new Headers(request.headers);
    headers.set("connection", "close");
    const body = method === "GET" ? null : await request.arrayBuffer();
    for (let tries = this.#targets.length; tries > 0; tries--) {
      const target = this.#targets[this.#turn++ % this.#targets.length];
      try {
        const response = await fetch(`${target}${pathname}${search}`, { method, headers, body });
        // Read here: an answer that breaks off is the balancer's to report.
        return new Response(await response.arrayBuffer(), response);
      } catch {
        // The next one has it.
      }
    }
    return new Response(null, { status: 502 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
