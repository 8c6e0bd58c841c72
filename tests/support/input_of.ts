import type { Readable } from "node:stream";
import type { Input } from "../../src/ports/input.ts";

/** The bytes of `readable` as a server reads them. */
export function inputOf(readable: Readable): Input {
  const chunks = readable[Symbol.asyncIterator]();
  return {
    async read(): Promise<Uint8Array | null> {
      const { done, value } = await chunks.next();
      return done === true ? null : value;
    },
  };
}
