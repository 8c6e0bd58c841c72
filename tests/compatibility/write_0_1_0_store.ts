/**
 * Writes the store in `store_0_1_0/`, with what the tests need to ask for it. It was run once, in a checkout of afd160f
 * (0.1.0): `deno run -P=test tests/compatibility/write_0_1_0_store.ts FOLDER`. Run with later code it writes a later
 * store, which is no longer that fixture.
 */
import type { Secret } from "../../src/secret.ts";
import { answers, startGrantProcess } from "../support/grant_world.ts";
import { failure, TokenWorld } from "../support/token_world.ts";
import type { Fixture } from "./fixture.ts";

/** The time at which the store was written, whatever day it was: every lifetime in it counts from here. */
const WRITTEN_AT_MS = Date.UTC(2026, 10, 30, 12);
/** Longer than the lease of a spending call lives. */
const PAST_LEASE_MS = 41_000;

const [folder] = Deno.args;
if (folder === undefined) throw new Error("Name the folder to write into");

await using world = await TokenWorld.create();
world.age(WRITTEN_AT_MS - world.clock.now());
const process = await startGrantProcess(world);

const refresh = (presented: Secret, { tokens } = process): ReturnType<typeof tokens.refreshUserToken> =>
  tokens.refreshUserToken(world.credentials, presented, world.call());
/** The refresh token that came of `presented`. */
const successorOf = async (presented: Secret): Promise<Secret> => {
  const { refreshToken } = await refresh(presented);
  if (refreshToken === undefined) throw new Error("A pair without a refresh token");
  return refreshToken;
};

const app = await process.tokens.appToken(world.credentials, 0, world.call());

// A chain of three links. Presented again, the first token's record is pointed straight at the newest pair.
const first = await world.login("v2");
const second = await successorOf(first);
const third = await successorOf(second);
const newest = await refresh(third);
await refresh(first);
await process.tokens.drain();

// Feishu rotated, and its answer was lost.
const lost = await world.login("v2");
await world.fault({ kind: "drop_after", times: 1 });
const losing = failure(refresh(lost));
await world.until(async () => (await world.refreshCalls()).at(-1)?.outcome === "dropped_after");
world.age(PAST_LEASE_MS);
await losing;

// Somebody else has spent it.
const spent = await world.login("v2");
await world.spendElsewhere(spent);
await failure(refresh(spent));

// A kept login with two pairs of one generation: another process stored first, and this one's pair became the spare.
const { login } = await process.login("ur-grant-1-of-the-fixture");
const held = Promise.withResolvers<void>();
const asked = Promise.withResolvers<void>();
const renewing = process.renew(async () => {
  asked.resolve();
  await held.promise;
  return answers("ur-grant-2-late-of-the-fixture");
});
await asked.promise;
const rival = await process.record("ur-grant-2-of-the-fixture", { login, gen: 2 });
await process.store.records.write(process.kept.name, { check: {}, set: { token: rival }, deadlineMs: 1_000 });
held.resolve();
await renewing;
if ((await process.stored()).spare.value === null) throw new Error("No spare was filed");

// A pair that reached the journal and not the store before its process was killed.
const journaled = await world.login("v2");
const dying = await world.start();
dying.kv.onCommit = ({ slots }) => slots.includes("token") ? "throw" : "pass";
const unstored = await refresh(journaled, { ...process, ...dying });
await dying.kv.idle();
dying.kill();
process.kill();

const fixture: Fixture = {
  writtenAtMs: world.clock.now(),
  appToken: app.accessToken.reveal(),
  chain: {
    presented: [first, second, third].map((token) => token.reveal()),
    accessToken: newest.accessToken.reveal(),
    refreshToken: newest.refreshToken?.reveal() ?? "",
  },
  outcomeUnknown: lost.reveal(),
  needsLogin: spent.reveal(),
  grant: { stored: "ur-grant-2-of-the-fixture", spare: "ur-grant-2-late-of-the-fixture" },
  journaled: {
    presented: journaled.reveal(),
    accessToken: unstored.accessToken.reveal(),
    refreshToken: unstored.refreshToken?.reveal() ?? "",
  },
};

await Deno.mkdir(`${folder}/journal`, { recursive: true });
await Deno.writeTextFile(`${folder}/fixture.json`, `${JSON.stringify(fixture, null, 2)}\n`);
await Deno.copyFile(world.path, `${folder}/database`);
await Deno.copyFile(`${world.path}.key`, `${folder}/key`);
for await (const { name } of Deno.readDir(`${world.path}.journal`)) {
  await Deno.copyFile(`${world.path}.journal/${name}`, `${folder}/journal/${name}`);
}
