import assert from "node:assert/strict";
import { RawConnection } from "../../attack/raw_connection.ts";
import { type RawReply, startRawServer } from "../feishu/raw_server.ts";

const REQUEST = new TextEncoder().encode("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
const WITHIN_MS = 20_000;

/** What is read of `reply`, as often as `times` says. */
async function answersTo(
  reply: RawReply,
  { times = 1, isToHead = false, withinMs = WITHIN_MS } = {},
): Promise<unknown[]> {
  await using server = startRawServer(() => reply);
  using connection = await RawConnection.open(server.port);
  assert(connection !== null);
  await connection.write(REQUEST);
  const answers: unknown[] = [];
  while (answers.length < times) answers.push(await connection.answer(isToHead, withinMs));
  return answers;
}

Deno.test("answer() reads a body by its length, and one answer after another", async () => {
  const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  const [first, second] = await answersTo({ write: answer + answer.replace("hi", "ho"), close: false }, {
    times: 2,
  });
  assert.deepEqual(first, { status: 200, head: "http/1.1 200 ok\r\ncontent-length: 2", body: "hi" });
  assert.equal((second as { body: string }).body, "ho");
});

Deno.test("answer() reads chunks, and leaves interim answers out", async () => {
  const write = "HTTP/1.1 100 Continue\r\n\r\n" +
    "HTTP/1.1 400 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n3\r\n ho\r\n0\r\n\r\n";
  const [answer] = await answersTo({ write, close: false });
  assert.deepEqual(answer, {
    status: 400,
    head: "http/1.1 400 x\r\ntransfer-encoding: chunked",
    body: "hi ho",
  });
});

Deno.test("answer() reads a body without a length to the end of the connection, and none after HEAD", async () => {
  const [whole] = await answersTo({ write: "HTTP/1.1 200 OK\r\n\r\nhi", close: true });
  assert.equal((whole as { body: string }).body, "hi");
  const write = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n";
  const [head] = await answersTo({ write, close: false }, { isToHead: true });
  assert.equal((head as { body: string }).body, "");
});

Deno.test.each<[string, RawReply, number]>([
  ["closed", { close: true }, WITHIN_MS],
  ["silent", { close: false }, 50],
  ["unreadable", { write: "SSH-2.0\r\n\r\n", close: false }, WITHIN_MS],
  ["unreadable", { write: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", close: true }, WITHIN_MS],
])("answer() says %s of %j", async (outcome, reply, withinMs) => {
  assert.deepEqual(await answersTo(reply, { withinMs }), [outcome]);
});

Deno.test("open() gives null where nobody listens", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  assert.equal(await RawConnection.open(port), null);
});
