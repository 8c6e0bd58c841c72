/** A TCP server on loopback that answers by hand, so that a test can break the connection wherever it wants. */
export interface RawServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly port: number;
  /** Every request that arrived whole, head and body, in order. */
  readonly requests: readonly string[];
  /** Stops accepting; what is open stays open. */
  refuseMore(): void;
}

/** What to do with one request: bytes to write back, and whether to cut the connection then. */
export interface RawReply {
  readonly write?: string | Uint8Array;
  readonly close: boolean;
}

/** Starts the server. `reply` is asked once a request; `"reset"` closes a connection as soon as it is accepted. */
export function startRawServer(reply: ((request: string) => RawReply) | "reset"): RawServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const requests: string[] = [];
  const open = new Set<Deno.TcpConn>();
  const work: Promise<void>[] = [];

  async function serve(conn: Deno.TcpConn): Promise<void> {
    open.add(conn);
    try {
      if (reply === "reset") return;
      while (true) {
        const request = await readRequest(conn);
        if (request === undefined) return;
        requests.push(request);
        const { write, close } = reply(request);
        if (write !== undefined) {
          await writeAll(conn, typeof write === "string" ? new TextEncoder().encode(write) : write);
        }
        if (close) return;
      }
    } catch {
      // The client went away, or the test is over.
    } finally {
      if (open.delete(conn)) conn.close();
    }
  }

  async function accept(): Promise<void> {
    try {
      for await (const conn of listener) work.push(serve(conn));
    } catch {
      // Closed while waiting.
    }
  }

  work.push(accept());
  let accepting = true;
  const refuseMore = (): void => {
    if (accepting) listener.close();
    accepting = false;
  };
  return {
    origin: `http://127.0.0.1:${listener.addr.port}`,
    port: listener.addr.port,
    requests,
    refuseMore,
    async [Symbol.asyncDispose](): Promise<void> {
      refuseMore();
      for (const conn of open) {
        open.delete(conn);
        conn.close();
      }
      await Promise.all(work);
    },
  };
}

/** An HTTP/1.1 answer with this body; `length` may promise more than is there. */
export function rawAnswer(body: string, { status = 200, length = body.length, headers = "" } = {}): string {
  return `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${headers}\r\n${body}`;
}

async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}

async function readRequest(conn: Deno.TcpConn): Promise<string | undefined> {
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  while (true) {
    const count = await conn.read(buffer);
    if (count === null) return undefined;
    text += new TextDecoder().decode(buffer.subarray(0, count));
    const headEnd = text.indexOf("\r\n\r\n");
    if (headEnd >= 0 && text.startsWith("GET ")) return text;
    const length = /content-length: (\d+)/i.exec(text)?.[1];
    if (headEnd >= 0 && length !== undefined && text.length >= headEnd + 4 + Number(length)) return text;
  }
}
