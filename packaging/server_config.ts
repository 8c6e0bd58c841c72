import manifest from "../deno.json" with { type: "json" };

/**
 * The `deno.json` next to the bundled server: its unstable features, and two permission sets of the project. `serve` is
 * the server's, which may start no program; `cli` is that of commands which start some.
 */
export function serverConfig(): Readonly<Record<string, unknown>> {
  const { unstable, permissions: { serve, cli } } = manifest;
  return { unstable, lock: false, permissions: { serve, cli } };
}
