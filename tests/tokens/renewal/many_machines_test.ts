import assert from "node:assert/strict";
import { Secret } from "../../../src/secret.ts";
import { findDenoKv, startDenoKv } from "../../support/denokv.ts";
import { patientClock, type StartOptions, TokenWorld } from "../../support/token_world.ts";

const DEFAULT_TTL_MS = 300_000;
const PAST_LEASE_MS = 41_000;
const program = await findDenoKv();
const ignore = program === undefined;

/** Two machines, each with a disk of its own, on one database on the network. */
async function onTwoMachines(
  use: (world: TokenWorld, machine: (name: "a" | "b") => StartOptions) => Promise<void>,
): Promise<void> {
  if (program === undefined) return;
  await using world = await TokenWorld.create();
  await using server = await startDenoKv(program, world.folder);
  const serverKey = new Secret(btoa(String.fromCharCode(...new Uint8Array(32).fill(7))));
  await use(world, (name) => ({
    place: { kind: "remote", url: server.url },
    home: `${world.folder}/${name}`,
    serverKey,
  }));
  await world.drain();
}

Deno.test({
  name: "100 callers on two machines get one app token by one call",
  ignore,
  fn: () =>
    onTwoMachines(async (world, machine) => {
      const processes = [await world.start(machine("a")), await world.start(machine("b"))];
      const results = await Promise.all(
        Array.from({ length: 100 }, (_, index) => {
          const process = processes[index % 2];
          assert(process !== undefined);
          return process.tokens.appToken(world.credentials, DEFAULT_TTL_MS, world.call());
        }),
      );
      assert.equal(new Set(results.map(({ accessToken }) => accessToken.reveal())).size, 1);
      assert.equal((await world.appCalls()).length, 1);
    }),
});

Deno.test({
  name: "a refresh token presented on two machines at once is spent once, with equal successors",
  ignore,
  fn: () =>
    onTwoMachines(async (world, machine) => {
      const [a, b] = [await world.start(machine("a")), await world.start(machine("b"))];
      for (let round = 0; round < 5; round++) {
        const r1 = await world.login("v2");
        const [first, second] = await Promise.all([
          a.tokens.refreshUserToken(world.credentials, r1, world.call()),
          b.tokens.refreshUserToken(world.credentials, r1, world.call()),
        ]);
        assert.equal(first.refreshToken?.reveal(), second.refreshToken?.reveal());
        assert.equal((await world.refreshCalls()).length, round + 1);
      }
    }),
});

Deno.test({
  name: "a machine takes over from one that is gone after it has seen its lease for one life, not before",
  ignore,
  fn: () =>
    onTwoMachines(async (world, machine) => {
      const patient = patientClock(world);
      const a = await world.start(machine("a"));
      const b = await world.start({ ...machine("b"), clock: patient.clock });
      const r1 = await world.login("v2");
      await world.fault({ kind: "drop_before", times: 1 });
      a.tokens.refreshUserToken(world.credentials, r1, world.call()).catch(() => {});
      await world.until(async () => (await world.refreshCalls())[0]?.outcome === "dropped_before");
      a.kill();
      const waiting = b.tokens.refreshUserToken(world.credentials, r1, world.call());
      await b.kv.untilRead(10, waiting);
      assert.equal((await world.refreshCalls()).length, 1);
      patient.wait(PAST_LEASE_MS);
      assert((await waiting).refreshToken !== undefined);
    }),
});
