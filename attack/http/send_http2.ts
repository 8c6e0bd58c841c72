import http2 from "node:http2";
import { pause } from "../../harness/pause.ts";
import type { Outcome } from "./send_case.ts";

const ANSWER_WITHIN_MS = 15_000;

/** Sends one request over HTTP/2, on a connection of its own; what came back. Never rejects. */
export async function sendHttp2(port: number, headers: http2.OutgoingHttpHeaders): Promise<Outcome> {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  const done = Promise.withResolvers<Outcome>();
  const broken = (): void => done.resolve("closed");
  session.on("error", broken);
  const stream = session.request(headers);
  let status = 0;
  let head = "";
  let body = "";
  stream.setEncoding("latin1");
  stream.on("response", (received) => {
    status = received[":status"] ?? 0;
    head = Object.entries(received).map(([name, value]) => `${name}: ${value}`).join("\r\n");
  });
  stream.on("data", (text: string) => body += text);
  stream.on("end", () => done.resolve(status === 0 ? "closed" : { status, head, body }));
  stream.on("error", broken);
  stream.end();
  const over = new AbortController();
  const timeout = pause(ANSWER_WITHIN_MS, over.signal).then((): Outcome => "silent");
  const outcome = await Promise.race([done.promise, timeout]);
  over.abort();
  session.destroy();
  return outcome;
}
