import assert from "node:assert/strict";
import { z } from "zod";
import { childCommand } from "../../harness/child_command.ts";
import { RunningServer } from "../clients/running_server.ts";
import { readPage } from "../docs/pages.ts";

/** Runs the image's check as the container does, on the server that listens at `port`. */
async function check(env: Readonly<Record<string, string>>): Promise<number> {
  const dockerfile = (await readPage("Dockerfile")).replaceAll("\\\n", "");
  const command = z.array(z.string()).parse(
    JSON.parse(/^HEALTHCHECK .*?CMD (.+)$/m.exec(dockerfile)?.[1] ?? ""),
  );
  assert.equal(command.shift(), "deno");
  const { code } = await childCommand(Deno.execPath(), {
    args: command,
    cwd: new URL("../../", import.meta.url),
    // Of no use on the way to the server itself.
    env: { HTTP_PROXY: "http://127.0.0.1:9", ...env },
    clearEnv: true,
  }).output();
  return code;
}

function portOf(url: string): string {
  return new URL(url).port;
}

Deno.test("the image's health check passes while the server answers, and fails when it is gone", async () => {
  let port: string;
  {
    await using server = await RunningServer.start();
    port = portOf(server.url);
    assert.deepEqual([await check({ PORT: port }), await check({ FEISHU_TOKEN_PORT: port, PORT: "9" })], [
      0,
      0,
    ]);
  }
  assert.equal(await check({ PORT: port }), 1);
});

Deno.test("the image's health check fails where something else than the server answers", async () => {
  await using other = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("", { status: 503 }),
  );
  assert.equal(await check({ PORT: String(other.addr.port) }), 1);
});
