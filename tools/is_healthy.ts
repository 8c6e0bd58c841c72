/**
 * Asks the server of this container for `/healthz`: exit code 0 where it answers 200, else 1. By a connection of its own,
 * since `fetch` would go through a proxy that the environment names.
 *
 * @module
 */

const TIMEOUT_MS = 4_000;

/** Whether what listens at `port` of this machine answers 200 to `GET /healthz`. Does not throw. */
export async function isHealthy(port: number): Promise<boolean> {
  try {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(
      new TextEncoder().encode("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"),
    );
    const head = new Uint8Array(64);
    const read = await connection.read(head) ?? 0;
    return /^HTTP\/1\.[01] 200 /.test(new TextDecoder().decode(head.subarray(0, read)));
  } catch {
    return false;
  }
}

if (import.meta.main) {
  // A server that accepts and does not answer is not healthy.
  setTimeout(() => Deno.exit(1), TIMEOUT_MS);
  const port = Deno.env.get("FEISHU_TOKEN_PORT") ?? Deno.env.get("PORT") ?? "8081";
  Deno.exit(await isHealthy(Number(port)) ? 0 : 1);
}
