import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { errorCode } from "../clients/expected_answers.ts";
import { filesUnder } from "./files_under.ts";
import { callTool, refresh } from "./tool_answer.ts";
import { World } from "./world.ts";

Deno.test("main.ts killed before Feishu acted leaves a refresh token that works after a restart", async () => {
  await using world = await World.create();
  const first = await world.feishu.logIn();
  await world.feishu.faultNextRefresh({ kind: "hang" });
  const server = await world.start();
  const lost = assert.rejects(refresh(await server.listens(), first));
  await world.feishu.until(1, "pending");
  server.kill("SIGKILL");
  await lost;
  await world.feishu.until(1, "dropped_before");

  const restarted = await world.start();
  const pair = await refresh(await restarted.listens(), first);
  assert.notEqual(pair.refresh_token, first);
  assert.deepEqual(await world.feishu.refreshes(), ["dropped_before", "accepted"]);
});

Deno.test("main.ts killed before Feishu's answer came says after a restart that the outcome is unknown", async () => {
  await using world = await World.create();
  const first = await world.feishu.logIn();
  await world.feishu.faultNextRefresh({ kind: "hang_after" });
  const server = await world.start();
  const lost = assert.rejects(refresh(await server.listens(), first));
  // Feishu has made the change and holds the answer: the pair is nowhere else.
  await world.feishu.until(1, "accepted");
  server.kill("SIGKILL");
  await lost;
  await world.feishu.until(1, "dropped_after");

  const restarted = await world.start();
  const url = await restarted.listens();
  for (const _attempt of ["first", "repeated"]) {
    const result = await callTool(url, "refresh_feishu_user_token", { refresh_token: first });
    assert.equal(errorCode(result), "rotation_outcome_unknown");
  }
  assert.deepEqual(await world.feishu.refreshes(), ["dropped_after", "refused"]);
});

Deno.test("main.ts killed before its store took what it answered gives that after a restart, out of the journal", async () => {
  await using world = await World.create();
  const first = await world.feishu.logIn();
  await world.feishu.faultNextRefresh({ kind: "hang" });
  const server = await world.start();
  const asked = refresh(await server.listens(), first);
  await world.feishu.until(1, "pending");
  const store = `${world.dataFolder}/tokens.kv`;
  let answered: string | undefined;
  {
    using _lock = new WriteLock(store);
    await world.feishu.clearFaults();
    ({ refresh_token: answered } = await asked);
    server.kill("SIGKILL");
    await server.end();
  }
  const [entry] = await journalOf(store);
  assert.ok(entry?.isFile);
  assert.equal(entry.mode, 0o600);
  assert.ok(!entry.bytes.includes(first));

  const restarted = await world.start();
  const pair = await refresh(await restarted.listens(), first);
  assert.equal(pair.replayed, true);
  assert.equal(pair.refresh_token, answered);
  assert.notEqual(pair.refresh_token, first);
  assert.deepEqual(await world.feishu.refreshes(), ["accepted"]);
  assert.deepEqual(await journalOf(store), []);
});

/** Keeps every process from committing to a KV file. */
class WriteLock implements Disposable {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec("BEGIN IMMEDIATE");
  }

  [Symbol.dispose](): void {
    this.#database.exec("ROLLBACK");
    this.#database.close();
  }
}

/** The finished entries of the journal beside the store at `path`. */
async function journalOf(path: string): ReturnType<typeof filesUnder> {
  return (await filesUnder(`${path}.journal`)).filter((file) => file.path.endsWith(".json"));
}
