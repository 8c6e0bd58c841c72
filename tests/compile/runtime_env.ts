/** Variables by which a Deno finds its cache and trusts the machine's certificate authorities. */
const NAMES = ["DENO_DIR", "HOME", "NODE_EXTRA_CA_CERTS", "PATH"] as const;

/** The environment that a Deno needs which is started by a test. */
export function runtimeEnv(): Record<string, string> {
  const set = NAMES.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  // Deno 2.5 knows these authorities only by a name of its own.
  const authorities = Deno.env.get("NODE_EXTRA_CA_CERTS");
  return {
    ...Object.fromEntries(set),
    ...(authorities === undefined ? {} : { DENO_CERT: authorities }),
    DENO_NO_UPDATE_CHECK: "1",
  };
}
