import assert from "node:assert/strict";
import { createHosts } from "../../src/feishu/hosts.ts";
import { send, type SendOptions } from "../../src/feishu/send.ts";
import type { WireRequest } from "../../src/feishu/wire.ts";
import { Secret } from "../../src/secret.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { rawAnswer, startRawServer } from "./raw_server.ts";
import { UNTRUSTED_CERTIFICATE } from "./untrusted_certificate.ts";

const SECRET = "planted-secret";
const TIMEOUT_MS = 5_000;
const STOPPED_FOR_MS = 60_000;

function request(origin: string, path = "/open-apis/x"): WireRequest {
  return { url: `${origin}${path}`, body: { app_secret: SECRET } };
}

function options(origin: string, clock = new ManualClock()): SendOptions & { clock: ManualClock } {
  return { fetch, clock, hosts: createHosts({ baseUrl: origin }), version: "1.2.3", timeoutMs: TIMEOUT_MS };
}

/** A port on which nothing listens. */
function closedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test("`send()` posts JSON under its own name", async () => {
  await using server = startRawServer(() => ({ write: rawAnswer("{}"), close: true }));
  await send({ ...request(server.origin), bearer: new Secret("t-1") }, options(server.origin));
  const [head = "", body] = (server.requests[0] ?? "").split("\r\n\r\n");
  assert.match(head, /^POST \/open-apis\/x HTTP\/1\.1/);
  assert.match(head, /^content-type: application\/json; charset=utf-8$/im);
  assert.match(head, /^user-agent: feishu-token-mcp\/1\.2\.3$/im);
  assert.match(head, /^authorization: Bearer t-1$/im);
  assert.match(head, new RegExp(`^content-length: ${body?.length}$`, "im"));
  assert.equal(body, JSON.stringify({ app_secret: SECRET }));
});

Deno.test("`send()` hands on status, headers and body, dated by the clock", async () => {
  await using server = startRawServer(() => ({
    write: rawAnswer('{"code":1}', { status: 400, headers: "x-tt-logid: 2026A\r\n" }),
    close: true,
  }));
  const clock = new ManualClock(1000);
  const answer = await send(request(server.origin), {
    ...options(server.origin, clock),
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      clock.pass(250);
      return response;
    },
  });
  assert(answer.kind === "answered");
  assert.deepEqual([answer.status, answer.text, answer.cut], [400, '{"code":1}', undefined]);
  assert.equal(answer.headers.get("x-tt-logid"), "2026A");
  assert.deepEqual([answer.sentAtMs, answer.receivedAtMs], [1000, 1250]);
});

Deno.test("`send()` leaves no timer when the answer came in time", async () => {
  const clock = new ManualClock();
  let sleepingMeanwhile = 0;
  await using server = startRawServer(() => {
    sleepingMeanwhile = clock.sleeping;
    return { write: rawAnswer("{}"), close: true };
  });
  await send(request(server.origin), options(server.origin, clock));
  assert.deepEqual([sleepingMeanwhile, clock.sleeping], [1, 0]);
});

Deno.test("`send()` throws before any byte leaves when the host is not configured", async () => {
  let fetched = false;
  await assert.rejects(
    send(request("https://evil.example", "/planted"), {
      ...options("http://127.0.0.1:8082"),
      fetch: () => {
        fetched = true;
        return Promise.resolve(new Response());
      },
    }),
    { name: "TypeError", message: 'Refused to send to "https://evil.example": not a configured Feishu host' },
  );
  assert.equal(fetched, false);
});

Deno.test("`send()` follows no redirect", async () => {
  await using elsewhere = startRawServer(() => ({ write: rawAnswer("{}"), close: true }));
  await using server = startRawServer(() => ({
    write: rawAnswer("", { status: 307, headers: `location: ${elsewhere.origin}/\r\n` }),
    close: true,
  }));
  const answer = await send(request(server.origin), options(server.origin));
  assert(answer.kind === "answered");
  assert.deepEqual([answer.status, elsewhere.requests.length], [307, 0]);
});

Deno.test("`send()` presents a request once when a pooled connection dies under it", async () => {
  await using server = startRawServer((text) =>
    text.includes("/warm") ? { write: rawAnswer("{}"), close: false } : { close: true }
  );
  await send(request(server.origin, "/warm"), options(server.origin));
  const answer = await send(request(server.origin, "/once"), options(server.origin));
  assert.equal(server.requests.filter((text) => text.includes("/once")).length, 1);
  assert.deepEqual(answer, {
    kind: "unanswered",
    sent: true,
    timedOut: false,
    detail: {
      en: `127.0.0.1:${server.port} closed the connection before answering`,
      zh: `127.0.0.1:${server.port} 未响应就关闭了连接`,
    },
  });
});

Deno.test("`send()` knows that the request left when the pooled connection died and the server is gone", async () => {
  await using server = startRawServer((text) =>
    text.includes("/warm") ? { write: rawAnswer("{}"), close: false } : { close: true }
  );
  await send(request(server.origin, "/warm"), options(server.origin));
  server.refuseMore();
  const answer = await send(request(server.origin, "/once"), options(server.origin));
  assert(answer.kind === "unanswered");
  assert.equal(answer.sent, true);
});

Deno.test("`send()` takes the request for sent when the connection is closed at once", async () => {
  await using server = startRawServer("reset");
  const answer = await send(request(server.origin), options(server.origin));
  assert(answer.kind === "unanswered");
  assert.deepEqual([answer.sent, answer.timedOut], [true, false]);
});

Deno.test("`send()` takes the request for sent when the answer is no HTTP", async () => {
  await using server = startRawServer(() => ({ write: `${SECRET}\r\n\r\n`, close: true }));
  assert.deepEqual(await send(request(server.origin), options(server.origin)), {
    kind: "unanswered",
    sent: true,
    timedOut: false,
    detail: {
      en: `the request to 127.0.0.1:${server.port} failed`,
      zh: `对 127.0.0.1:${server.port} 的请求失败`,
    },
  });
});

Deno.test("`send()` knows that nothing was sent when the connection is refused", async () => {
  const origin = `http://127.0.0.1:${closedPort()}`;
  const answer = await send(request(origin), options(origin));
  assert(answer.kind === "unanswered");
  assert.deepEqual([answer.sent, answer.timedOut], [false, false]);
  assert.match(answer.detail.en, new RegExp(`^connection refused by ${new URL(origin).host}`));
});

Deno.test("`send()` knows that nothing was sent when the certificate is not trusted", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, ...UNTRUSTED_CERTIFICATE },
    () => new Response("{}"),
  );
  const origin = `https://127.0.0.1:${server.addr.port}`;
  const answer = await send(request(origin), options(origin));
  assert(answer.kind === "unanswered");
  assert.equal(answer.sent, false);
  assert.match(answer.detail.en, /is not trusted \(\w+\).*DENO_CERT/);
});

Deno.test("`send()` knows that nothing was sent when the server speaks no TLS", async () => {
  await using server = startRawServer("reset");
  const origin = `https://127.0.0.1:${server.port}`;
  assert.deepEqual(await send(request(origin), options(origin)), {
    kind: "unanswered",
    sent: false,
    timedOut: false,
    detail: {
      en: `the TLS handshake with 127.0.0.1:${server.port} failed`,
      zh: `与 127.0.0.1:${server.port} 的 TLS 握手失败`,
    },
  });
});

Deno.test("`send()` sends nothing when the app token cannot stand in a header", async () => {
  await using server = startRawServer(() => ({ write: rawAnswer("{}"), close: true }));
  const bearer = new Secret(`t-1\n${SECRET}`);
  assert.deepEqual(await send({ ...request(server.origin), bearer }, options(server.origin)), {
    kind: "unanswered",
    sent: false,
    timedOut: false,
    detail: {
      en: "the token for Authorization holds characters that no HTTP header can carry",
      zh: "用于 Authorization 的令牌含有 HTTP 请求头不能携带的字符",
    },
  });
  assert.equal(server.requests.length, 0);
});

Deno.test("`send()` gives up when the time is over, and takes the request for sent", async () => {
  const clock = new ManualClock();
  await using server = startRawServer(() => {
    clock.pass(TIMEOUT_MS);
    return { close: false };
  });
  assert.deepEqual(await send(request(server.origin), options(server.origin, clock)), {
    kind: "unanswered",
    sent: true,
    timedOut: true,
    detail: {
      en: `no answer from 127.0.0.1:${server.port} within 5000 ms`,
      zh: `127.0.0.1:${server.port} 在 5000 毫秒内没有响应`,
    },
  });
  assert.equal(clock.sleeping, 0);
});

/** A `fetch` that calls `onChunk` for each piece of a body, so that a test can act once one has been read. */
function watchBody(onChunk: (size: number) => void): SendOptions["fetch"] {
  return async (url, init) => {
    const response = await fetch(url, init);
    const watch = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller): void {
        controller.enqueue(chunk);
        onChunk(chunk.length);
      },
    });
    return new Response(response.body?.pipeThrough(watch) ?? null, response);
  };
}

Deno.test("`send()` reads an answer that came while its process was stopped for longer than the timeout", async () => {
  const clock = new ManualClock();
  await using server = startRawServer(() => {
    clock.pass(STOPPED_FOR_MS);
    return { write: rawAnswer("{}"), close: true };
  });
  const answer = await send(request(server.origin), options(server.origin, clock));
  assert.equal(answer.kind, "answered");
  assert.equal(clock.sleeping, 0);
});

Deno.test("`send()` gives up after a stop when no answer has come meanwhile", async () => {
  const clock = new ManualClock();
  await using server = startRawServer(() => {
    clock.pass(STOPPED_FOR_MS);
    // It reads on for a moment. Nothing comes.
    void clock.untilSleeping(1).then(() => clock.pass(TIMEOUT_MS));
    return { close: false };
  });
  const answer = await send(request(server.origin), options(server.origin, clock));
  assert(answer.kind === "unanswered");
  assert.equal(answer.timedOut, true);
});

Deno.test("`send()` keeps what arrived of a body when the connection is lost", async () => {
  await using server = startRawServer(() => ({
    write: rawAnswer('{"access_token":"u', { length: 99 }),
    close: true,
  }));
  const answer = await send(request(server.origin), options(server.origin));
  assert(answer.kind === "answered");
  assert.deepEqual([answer.text, answer.cut], ['{"access_token":"u', "connection lost"]);
});

Deno.test("`send()` keeps what arrived of a body when the time is over", async () => {
  await using server = startRawServer(() => ({
    write: rawAnswer('{"access_token":"u', { length: 99 }),
    close: false,
  }));
  const clock = new ManualClock();
  const answer = await send(request(server.origin), {
    ...options(server.origin, clock),
    fetch: watchBody(() => clock.pass(TIMEOUT_MS)),
  });
  assert(answer.kind === "answered");
  assert.deepEqual([answer.text, answer.cut, clock.sleeping], ['{"access_token":"u', "timed out", 0]);
});

Deno.test("`send()` reads no more than 1 MiB and cancels the rest", async () => {
  let cancelled = false;
  let sent = 0;
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller): void {
      sent += 64 * 1024;
      controller.enqueue(new Uint8Array(64 * 1024).fill(97));
    },
    cancel(): void {
      cancelled = true;
    },
  });
  const answer = await send(request("http://127.0.0.1:8082"), {
    ...options("http://127.0.0.1:8082"),
    fetch: () => Promise.resolve(new Response(endless)),
  });
  assert(answer.kind === "answered");
  assert.deepEqual([answer.text.length, answer.cut, cancelled], [1024 * 1024, "too large", true]);
  assert(sent <= 19 * 64 * 1024, `${sent} bytes were taken`);
});

Deno.test("`send()` leaves no connection open when a real body is too large", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("a".repeat(1100 * 1024)),
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const answer = await send(request(origin), options(origin));
  assert(answer.kind === "answered");
  assert.equal(answer.cut, "too large");
});

Deno.test("`send()` reads a body of exactly 1 MiB whole", async () => {
  const answer = await send(request("http://127.0.0.1:8082"), {
    ...options("http://127.0.0.1:8082"),
    fetch: () => Promise.resolve(new Response("a".repeat(1024 * 1024))),
  });
  assert(answer.kind === "answered");
  assert.deepEqual([answer.text.length, answer.cut], [1024 * 1024, undefined]);
});

Deno.test("`send()` reads an answer that has no body", async () => {
  const answer = await send(request("http://127.0.0.1:8082"), {
    ...options("http://127.0.0.1:8082"),
    fetch: () => Promise.resolve(new Response(null, { status: 204 })),
  });
  assert(answer.kind === "answered");
  assert.deepEqual([answer.text, answer.cut], ["", undefined]);
});
