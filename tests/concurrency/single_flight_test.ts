import assert from "node:assert/strict";
import { SingleFlight } from "../../src/concurrency/single_flight.ts";

Deno.test("join() shares the flight that is in the air", async () => {
  const flights = new SingleFlight();
  const gate = Promise.withResolvers<string>();
  let started = 0;
  const start = (): Promise<string> => {
    started++;
    return gate.promise;
  };
  const both = Promise.all([flights.run("a", start), flights.run("a", start)]);
  gate.resolve("landed");
  assert.deepEqual(await both, ["landed", "landed"]);
  assert.equal(started, 1);
});

Deno.test("join() starts anew once a flight has landed", async () => {
  const flights = new SingleFlight();
  let started = 0;
  const start = (): Promise<number> => Promise.resolve(++started);
  assert.equal(await flights.run("a", start), 1);
  assert.equal(await flights.run("a", start), 2);
});

Deno.test("join() forgets a flight that failed", async () => {
  const flights = new SingleFlight();
  await assert.rejects(flights.run("a", () => Promise.reject(new Error("crashed"))), /crashed/);
  assert.equal(flights.inProgress("a"), false);
  assert.equal(await flights.run("a", () => Promise.resolve(1)), 1);
});

Deno.test("join() keeps flights under other keys apart", async () => {
  const flights = new SingleFlight();
  const results = await Promise.all(["a", "b"].map((key) => flights.run(key, () => Promise.resolve(key))));
  assert.deepEqual(results, ["a", "b"]);
});

Deno.test("drain() waits for what was started, also while it waits", async () => {
  const flights = new SingleFlight();
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  const order: string[] = [];
  flights.detach(async () => {
    await first.promise;
    order.push("first");
    flights.detach(() => second.promise.then(() => void order.push("second")));
  });
  const drained = flights.drain().then(() => order.push("drained"));
  first.resolve();
  await Promise.resolve();
  second.resolve();
  await drained;
  assert.deepEqual(order, ["first", "second", "drained"]);
});
