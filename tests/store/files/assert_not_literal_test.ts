import assert from "node:assert/strict";
import { assertNotLiteral } from "../../../src/store/files/assert_not_literal.ts";
import type { StorePlace } from "../../../src/store/files/store_place.ts";
import { TempFolder } from "../../support/temp_folder.ts";

interface World extends AsyncDisposable {
  readonly literal: string;
  readonly path: string;
  readonly place: StorePlace;
}

/** A store that was made under its literal name, `it's` among others. */
async function makeLiteral(): Promise<World> {
  const folder = await TempFolder.make();
  const literal = `${folder.path}/~/it's/t.kv`;
  await Deno.mkdir(`${folder.path}/~/it's/t.kv.journal`, { recursive: true });
  for (const end of ["", "-wal", ".key"]) await Deno.writeTextFile(`${literal}${end}`, end);
  const path = `${folder.path}/home/new/t.kv`;
  return {
    literal,
    path,
    place: { kind: "file", path, literalPath: literal },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

Deno.test("assertNotLiteral() names both places, and the command that moves the whole store", async () => {
  await using world = await makeLiteral();
  const error = await assertNotLiteral(world.place, "linux").then(() => null, (thrown: Error) => thrown);
  assert(error !== null);
  assert.ok(error.message.includes(`There is a token store at ${world.literal}`), error.message);
  assert.ok(error.message.includes(world.path), error.message);
  const [, command] = /move it: (.*)$/.exec(error.message) ?? [];
  assert.ok(command !== undefined, error.message);
  const { code } = await new Deno.Command("sh", { args: ["-c", command] }).output();
  assert.equal(code, 0, command);
  const moved = [];
  for await (const { name } of Deno.readDir(`${world.path}/..`)) moved.push(name);
  assert.deepEqual(moved.toSorted(), ["t.kv", "t.kv-wal", "t.kv.journal", "t.kv.key"]);
  await assertNotLiteral(world.place, "linux");
});

Deno.test("assertNotLiteral() overwrites nothing when there is a store at either place", async () => {
  await using world = await makeLiteral();
  await Deno.mkdir(`${world.path}/..`, { recursive: true });
  await Deno.writeTextFile(world.path, "");
  await assert.rejects(assertNotLiteral(world.place, "linux"), (error: Error) => {
    assert.match(error.message, /where there is one too: end every program/);
    assert.doesNotMatch(error.message, /\bmv\b/);
    return true;
  });
});

Deno.test.each<[string, StorePlace]>([
  ["nothing stands under the literal name", {
    kind: "file",
    path: "/x/t.kv",
    literalPath: "/nowhere/~/t.kv",
  }],
  ["a file stands in the way of the literal name", {
    kind: "file",
    path: "/x",
    literalPath: "main.ts/t.kv",
  }],
  ["nothing was expanded", { kind: "file", path: "/x/t.kv" }],
  ["the store is in memory", { kind: "memory" }],
])("assertNotLiteral() passes when %s", async (_case, place) => {
  await assertNotLiteral(place, "linux");
});

Deno.test("assertNotLiteral() tells the command of PowerShell on Windows", async () => {
  await using world = await makeLiteral();
  await assert.rejects(assertNotLiteral(world.place, "windows"), (error: Error) => {
    assert.match(
      error.message,
      /move it: New-Item -ItemType Directory -Force '[^']+'; Move-Item '.*it''s\/t\.kv','.*' '[^']+'$/,
    );
    return true;
  });
});
