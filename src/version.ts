import manifest from "../deno.json" with { type: "json" };

/** This program's version, as the manifest has it. */
export const VERSION: string = manifest.version;
