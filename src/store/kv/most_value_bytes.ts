/** Deno KV takes 65,536 bytes of a value. The names and lengths of a value's parts are far below the rest. */
export const MOST_VALUE_BYTES: number = 65_536 - 512;
