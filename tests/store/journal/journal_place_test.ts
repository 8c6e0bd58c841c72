import assert from "node:assert/strict";
import { journalPlace } from "../../../src/store/journal/journal_place.ts";

const HOME = { os: "linux", env: (name: string) => name === "HOME" ? "/home/u" : undefined } as const;
const HOMELESS = { os: "linux", env: () => undefined } as const;

Deno.test("journalPlace() is beside a KV file, and needs no home for that", async () => {
  assert.equal(
    await journalPlace({ kind: "file", path: "/srv/tokens.kv" }, HOMELESS),
    "/srv/tokens.kv.journal",
  );
});

Deno.test.each(["memory", "platform"] as const)(
  "journalPlace() is nowhere for the place %s, where no disk outlives the process",
  async (kind) => {
    assert.equal(await journalPlace({ kind }, HOME), null);
  },
);

Deno.test("journalPlace() of a database on the network is in the data directory and shows nothing of the URL", async () => {
  const folder = await journalPlace({ kind: "remote", url: "https://kv.example/db" }, HOME);
  assert.match(folder ?? "", /^\/home\/u\/\.local\/share\/feishu-token-mcp\/journal-[A-Za-z0-9_-]{12}$/);
});

Deno.test("journalPlace() is the same for two spellings of one URL, and another for another URL", async () => {
  const [one, same, other] = await Promise.all(
    ["https://kv.example", "HTTPS://KV.example:443/", "https://kv.example/db"]
      .map((url) => journalPlace({ kind: "remote", url }, HOME)),
  );
  assert.equal(one, same);
  assert.notEqual(one, other);
});

Deno.test("journalPlace() throws one line when a database on the network finds no home", async () => {
  await assert.rejects(journalPlace({ kind: "remote", url: "https://kv.example" }, HOMELESS), {
    name: "StartError",
    message: /^HOME is not set/,
  });
});
