/** The Deno that is shipped with the program, and that CI runs. */
export const DENO_VERSION = "2.9.6";
