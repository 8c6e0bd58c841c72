/** Passes every call on to a sandbox and renames one field of the answers. */
export class RenamingProxy implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(target: string, from: string, to: string) {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
      const { pathname, search } = new URL(request.url);
      const answer = await fetch(new URL(pathname + search, target), {
        method: request.method,
        redirect: "manual",
        headers: { ...Object.fromEntries(request.headers), connection: "close" },
        ...(request.method === "GET" ? {} : { body: await request.text() }),
      });
      const body = (await answer.text()).replaceAll(`"${from}":`, `"${to}":`);
      const headers = new Headers();
      for (const name of ["content-type", "location"]) {
        const value = answer.headers.get(name);
        if (value !== null) headers.set(name, value);
      }
      return new Response(body, { status: answer.status, headers });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
