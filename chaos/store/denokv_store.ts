import { journalPlace } from "../../src/store/journal/journal_place.ts";
import { findDenoKv, startDenoKv } from "../../tests/support/denokv.ts";
import { ChaosError } from "../chaos_error.ts";
import type { ChaosMachine, ChaosStore, StoreTrouble } from "./chaos_store.ts";

/**
 * A real `denokv`, shared by two machines. It fails by being stopped, and by being killed and started again.
 *
 * @throws ChaosError where there is none.
 */
export async function denokvStore(folder: string): Promise<ChaosStore> {
  const program = await findDenoKv();
  if (program === undefined) {
    throw new ChaosError(
      "There is no denokv: install it with `cargo install denokv --locked`, name it in DENOKV_BIN, or use --store file",
    );
  }
  const server = await startDenoKv(program, folder);
  const stopped: StoreTrouble = {
    name: "denokv stopped",
    begin(): Promise<() => Promise<void>> {
      server.pause();
      return Promise.resolve(async () => {
        server.resume();
        await server.answering();
      });
    },
  };
  const killed: StoreTrouble = {
    name: "denokv killed and restarted",
    async begin(): Promise<() => Promise<void>> {
      await server.kill();
      return () => server.restart();
    },
  };
  return {
    kv: server.url,
    env: { DENO_KV_ACCESS_TOKEN: server.accessToken },
    troubles: [stopped, killed],
    machines: [await machine("a", folder, server.url), await machine("b", folder, server.url)],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function machine(name: string, folder: string, url: string): Promise<ChaosMachine> {
  const home = `${folder}/home-${name}`;
  const place = { kind: "remote", url } as const;
  const journal = await journalPlace(place, {
    os: Deno.build.os,
    env: (variable) => (variable === "HOME" ? home : undefined),
  });
  if (journal === null) throw new Error("A store on the network has a journal");
  return { name, home, journal };
}
