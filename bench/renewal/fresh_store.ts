import { findDenoKv, startDenoKv } from "../../tests/support/denokv.ts";

/** A kind of store that several processes can share. */
export type StoreKind = "file" | "denokv";

/** An empty store in a folder of its own. */
export interface FreshStore extends AsyncDisposable {
  /** A file or a URL, as `--kv` takes it. */
  readonly kv: string;
  /** Removed with it. */
  readonly folder: string;
}

/**
 * Makes an empty store, with a server on it where its kind has one.
 *
 * @throws Error when that server is not to be found.
 */
export async function freshStore(kind: StoreKind): Promise<FreshStore> {
  const folder = await Deno.makeTempDir({ prefix: "feishu-token-bench-" });
  const server = kind === "denokv" ? await startDenoKv(await denoKv(), folder) : undefined;
  return {
    kv: server?.url ?? `${folder}/tokens.kv`,
    folder,
    async [Symbol.asyncDispose](): Promise<void> {
      await server?.[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function denoKv(): Promise<string> {
  const program = await findDenoKv();
  if (program === undefined) throw new Error("No denokv: set DENOKV_BIN, or measure with --store file");
  return program;
}
