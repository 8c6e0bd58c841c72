/**
 * An MCP host that starts a server on standard streams and is killed with it. The first line of its own input says what to
 * start and what to send, as JSON; it then prints the server's process id. It ends with its own input.
 *
 * @module
 */

import { z } from "zod";
import { MAIN_ARGS } from "../../harness/children.ts";

const Order = z.object({
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  input: z.string(),
});

let rest = "";
let server: Deno.ChildProcess | null = null;
for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  rest += chunk;
  if (server !== null || !rest.includes("\n")) continue;
  const { args, env, input } = Order.parse(JSON.parse(rest));
  // Nothing but its closed input may end it when this host is killed.
  server = new Deno.Command(Deno.execPath(), {
    args: [...MAIN_ARGS, ...args],
    env,
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = server.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await Deno.stdout.write(new TextEncoder().encode(`${server.pid}\n`));
}
server?.kill("SIGKILL");
