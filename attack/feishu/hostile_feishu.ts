import net from "node:net";
import { z } from "zod";
import { pause } from "../../harness/pause.ts";
import { httpAnswer, pairJson } from "./feishu_answer.ts";
import type { HostileCase } from "./hostile_case.ts";

/** What its endpoints take, as far as it is looked at. */
const Asked = z.object({
  app_id: z.string().optional(),
  client_id: z.string().optional(),
  refresh_token: z.string().optional(),
});

/** A Feishu on loopback that answers each app's refreshes as it was told to. */
export class HostileFeishu implements AsyncDisposable {
  /** Its origin. */
  readonly origin: string;
  /** How many requests came to an address that nothing may be sent to, or brought a cookie along. */
  strays = 0;
  readonly #server: net.Server;
  readonly #cases = new Map<string, HostileCase>();
  readonly #presented = new Map<string, string[]>();
  readonly #open = new Set<net.Socket>();
  readonly #over = new AbortController();

  private constructor(server: net.Server, port: number) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${port}`;
    server.on("connection", (socket) => this.#serve(socket));
  }

  /** Starts one on any free port. */
  static start(): Promise<HostileFeishu> {
    return new Promise((resolve) => {
      const server = net.createServer();
      server.listen(0, "127.0.0.1", () => {
        const address = z.object({ port: z.number() }).parse(server.address());
        resolve(new HostileFeishu(server, address.port));
      });
    });
  }

  /** From now on the refreshes of an app are answered like this, or, with `null`, with a new pair. */
  answerTo(appId: string, hostile: HostileCase | null): void {
    if (hostile === null) this.#cases.delete(appId);
    else this.#cases.set(appId, hostile);
  }

  /** How often a refresh token of an app was presented. */
  presentations(appId: string): number {
    return this.#presented.get(appId)?.length ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    for (const socket of this.#open) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: net.Socket): void {
    this.#open.add(socket);
    socket.on("close", () => this.#open.delete(socket)).on("error", () => {});
    let text = "";
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      const headEnd = text.indexOf("\r\n\r\n");
      const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0);
      if (headEnd < 0 || text.length < headEnd + 4 + length) return;
      const [head, body] = [text.slice(0, headEnd), text.slice(headEnd + 4, headEnd + 4 + length)];
      text = "";
      void this.#answer(socket, head, body);
    });
  }

  async #answer(socket: net.Socket, head: string, body: string): Promise<void> {
    const path = head.split(" ", 2)[1] ?? "";
    if (/^cookie:/im.test(head) || path.includes("stolen") || path.includes("elsewhere")) this.strays++;
    const { app_id, client_id = app_id ?? "", refresh_token } = Asked.parse(
      body === "" ? {} : JSON.parse(body),
    );
    if (refresh_token === undefined) {
      const token = `t-g1044app${client_id}`;
      socket.end(
        httpAnswer(
          JSON.stringify({ code: 0, app_access_token: token, tenant_access_token: token, expire: 7200 }),
        ),
      );
      return;
    }
    const presented = [...this.#presented.get(client_id) ?? [], refresh_token];
    this.#presented.set(client_id, presented);
    const tag = `${client_id.replace("cli_", "")}n${presented.length}`;
    const pair = {
      access_token: `eyJacc${tag}.x.y`,
      refresh_token: `eyJref${tag}.x.y`,
      presented: refresh_token,
    };
    const hostile = this.#cases.get(client_id);
    const steps = hostile?.answer(pair, `${this.origin}/stolen`) ?? [httpAnswer(pairJson(pair))];
    for (const step of steps) {
      if (this.#over.signal.aborted || socket.destroyed) return;
      if (step === "reset") socket.resetAndDestroy();
      else if (typeof step === "number") await pause(step, this.#over.signal);
      else await new Promise<void>((resolve) => socket.write(step, () => resolve()));
    }
    socket.end();
  }
}
