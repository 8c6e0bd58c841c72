import assert from "node:assert/strict";
import { COUNTED, countEvent, type EventCounts } from "../../chaos/event_counts.ts";

const SOURCE = new URL("../../src/", import.meta.url);

async function textOf(folder: URL): Promise<string> {
  let text = "";
  for await (const { name, isFile, isDirectory } of Deno.readDir(folder)) {
    if (isFile) text += await Deno.readTextFile(new URL(name, folder));
    if (isDirectory) text += await textOf(new URL(`${name}/`, folder));
  }
  return text;
}

Deno.test("countEvent() counts what the servers still log by these words", async () => {
  const source = await textOf(SOURCE);
  for (const event of Object.keys(COUNTED)) assert(source.includes(`"${event}"`), event);
});

Deno.test("countEvent() counts the pairs of a line, or the line, and leaves out what it cannot read", () => {
  const counts: EventCounts = { takeovers: 0, replays: 0, lateCommits: 0 };
  for (
    const line of [
      `{"event":"recovered token pairs that a stopped process had not stored","pairs":3}`,
      `{"event":"store lacks a pair yet, writing it"}`,
      `{"event":"took over a renewal that did not end"}`,
      `{"event":"token stored after all"`,
      `{"event":"listening"}`,
      "no line of the log",
    ]
  ) countEvent(counts, line);
  assert.deepEqual(counts, { takeovers: 1, replays: 4, lateCommits: 0 });
});
