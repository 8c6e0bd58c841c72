/** Looks at the KV files given, as a start does, and prints what speaks against each: `null` or the error's message. */
import { inspectKvFile } from "../../../src/store/kv/inspect_kv_file.ts";

const found = await Promise.all(
  Deno.args.map((path) => inspectKvFile(path).then(() => null, (error: Error) => error.message)),
);
await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(found)}\n`));
