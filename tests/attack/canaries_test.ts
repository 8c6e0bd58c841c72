import assert from "node:assert/strict";
import { Canaries } from "../../attack/canaries.ts";
import { Chance } from "../../harness/chance.ts";

function planted(): { readonly canaries: Canaries; readonly secret: string } {
  const canaries = new Canaries(new Chance(7));
  return { canaries, secret: canaries.make("planted") };
}

Deno.test.each<[string, (secret: string) => string]>([
  ["planted", (secret) => secret],
  ["planted in base64", (secret) => new TextEncoder().encode(`${secret}and more`).toBase64()],
  ["planted in hex", (secret) => new TextEncoder().encode(secret).toHex()],
  ["planted reversed", (secret) => [...secret].toReversed().join("")],
])("in() finds a secret: %s", (name, form) => {
  const { canaries, secret } = planted();
  assert.deepEqual(canaries.in(`app_secret=\n${form(secret)}.`), [{ name, context: "app_secret= " }]);
});

Deno.test("in() finds nothing in a text without the secret, and not a part of one", () => {
  const { canaries, secret } = planted();
  assert.deepEqual(canaries.in(`Kanarie ${secret.slice(0, -1)}`), []);
});

Deno.test("make() gives other secrets for another seed, and each time", () => {
  const canaries = new Canaries(new Chance(7));
  const [one, two] = [canaries.make("planted"), canaries.make("planted")];
  assert.notEqual(one, two);
  assert.equal(planted().secret, one);
  assert.notEqual(new Canaries(new Chance(8)).make("planted"), one);
});
