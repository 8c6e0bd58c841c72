import assert from "node:assert/strict";
import { findDenoKv, startDenoKv } from "../support/denokv.ts";
import { REAL_CLOCK } from "../support/token_world.ts";
import type { Program } from "./program.ts";
import { readiness, untilAway, untilReady } from "./readiness.ts";
import { World } from "./world.ts";

/** Far more than the eight probes, each two seconds apart, after which Deno once wrote 48 lines a second. */
const PROBES = 40;
/** How often Deno tries a call again, a second, with a line each time: about four times, and here twice that. */
const TRIES_A_SECOND = 8;
/** A probe is two calls: a write, and the read that says why. */
const CALLS_OUT = 2;

const denokv = await findDenoKv();

function linesOfDeno(program: Program): number {
  return program.stderr.split("\n").filter((line) => line.startsWith("KV Connect failed to call")).length;
}

/** Lines a second that Deno writes by itself while `work` is done. */
async function rateDuring(program: Program, work: () => Promise<void>): Promise<number> {
  const [lines, startMs] = [linesOfDeno(program), REAL_CLOCK.monotonic()];
  await work();
  return (linesOfDeno(program) - lines) / ((REAL_CLOCK.monotonic() - startMs) / 1_000);
}

async function openFiles(program: Program): Promise<number> {
  const { stdout } = await new Deno.Command("ls", { args: [`/proc/${program.pid}/fd`] }).output();
  return new TextDecoder().decode(stdout).split("\n").length;
}

for (const how of ["killed", "stopped"] as const) {
  Deno.test({
    name:
      `main.ts whose network store is ${how} writes no more lines for more probes, and is ready when it is back`,
    ignore: denokv === undefined,
    async fn(): Promise<void> {
      if (denokv === undefined) return;
      await using world = await World.create();
      await using server = await startDenoKv(denokv, world.home);
      const env = {
        ...await world.env(),
        FEISHU_TOKEN_KV: server.url,
        DENO_KV_ACCESS_TOKEN: server.accessToken,
        FEISHU_TOKEN_LOG_LEVEL: "warn",
      };
      const running = await world.start({ env });
      const url = await running.listens();
      await untilReady(url);
      const probe = (): ReturnType<typeof readiness>[] =>
        Array.from({ length: PROBES / 4 }, () => readiness(url));
      // With the connections of this test, which are kept.
      await Promise.all(probe());
      const before = Deno.build.os === "linux" ? await openFiles(running) : 0;
      if (how === "killed") await server.kill();
      else server.pause();

      await untilAway(url);
      // Two seconds each, and all at once: some begin a probe of the store, the others join it.
      const refused = async (): Promise<void> => {
        const found = await Promise.all(probe());
        assert(found.every(({ status }) => status === 503));
      };
      for (let round = 0; round < 2; round++) await refused();
      await running.says(/"event":"store does not answer, opening it again"/);
      const rate = await rateDuring(running, async () => {
        for (let round = 0; round < 2; round++) await refused();
      });
      assert(rate <= CALLS_OUT * TRIES_A_SECOND, `${rate} lines a second after ${PROBES} probes`);

      if (how === "killed") await server.restart();
      else server.resume();
      await untilReady(url);
      assert.equal(running.stderr.match(/"event":"store does not answer/g)?.length, 1);
      assert.doesNotMatch(running.stderr, new RegExp(`"[a-z]+":"[^"]*${new URL(server.url).host}`));
      if (Deno.build.os === "linux") assert(await openFiles(running) <= before + 3);
      running.kill("SIGTERM");
      assert.equal((await running.end()).code, 0);
    },
  });
}
