/**
 * What clients that cannot run here have sent, to the letter, as it was taken from the wire: the SDKs for Python and Go.
 */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { noLoginService } from "../../src/login/no_login_service.ts";
import { serveStdio } from "../../src/mcp/stdio/serve_stdio.ts";
import { TOOL_TABLE } from "../../src/mcp/tools/tool_table.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { inputOf } from "../support/input_of.ts";
import { TestPipe } from "../support/test_pipe.ts";
import clients from "./client_messages.json" with { type: "json" };
import { MemoryTokenService, TEST_CREDENTIALS } from "./memory_token_service.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { createTestServer } from "./test_server.ts";

for (const { client, messages } of clients) {
  Deno.test(`over HTTP every message of the ${client} is answered, or taken`, async () => {
    const { app, log } = createTestServer();
    for (const { headers, body } of messages) {
      const response = await app(
        new Request("http://localhost/mcp", { method: "POST", headers: { ...headers }, body }),
      );
      const text = await response.text();
      const { id } = JSON.parse(body);
      assert.equal(response.status, id === undefined ? 202 : 200, `${body}\n${text}`);
      if (id === undefined) continue;
      const answer = JSON.parse(text);
      assert.deepEqual([answer.id, "result" in answer], [id, true], `${body}\n${text}`);
    }
    assert.deepEqual(
      log.lines.filter(({ event, level }) => event === "http request" && level !== "debug"),
      [],
    );
  });

  Deno.test(`over stdio every request of the ${client} is answered, in its order`, async () => {
    const clock = new ManualClock();
    const stdin = new PassThrough();
    const stdout = new TestPipe(clock);
    const log = new RecordingLog();
    const served = serveStdio({
      tools: TOOL_TABLE,
      tokens: new MemoryTokenService(clock.now()),
      logins: noLoginService(),
      clock,
      version: "1.2.3",
      credentials: () => TEST_CREDENTIALS,
      log,
      newRequestId: () => "0123456789ab",
      stdin: inputOf(stdin),
      stdout: stdout.output,
    });
    stdin.end(messages.map(({ body }) => `${body}\n`).join(""));
    await served;
    const answers = stdout.text.trimEnd().split("\n").map((line) => JSON.parse(line));
    const ids = messages.flatMap(({ body }) => JSON.parse(body).id ?? []);
    assert.deepEqual(answers.map(({ id }) => id), ids);
    for (const answer of answers) assert.ok("result" in answer, JSON.stringify(answer));
    assert.equal(log.lines.filter(({ level }) => level === "warn").length, 0);
  });
}
