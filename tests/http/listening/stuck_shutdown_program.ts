import { listen } from "../../../src/http/listening/listen.ts";
import { RecordingLog } from "../../support/recording_log.ts";

// Shuts a server down while a caller has not sent the body that it declared, on a clock that waits for nothing.
const entered = Promise.withResolvers<void>();
const listening = await listen({
  hostname: "127.0.0.1",
  port: 0,
  handler: () => {
    entered.resolve();
    return new Promise(() => {});
  },
  clock: { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() },
  log: new RecordingLog(),
  newRequestId: () => "0123456789ab",
});
const connection = await Deno.connect({ hostname: "127.0.0.1", port: listening.port });
await connection.write(
  new TextEncoder().encode("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"),
);
await entered.promise;
await listening.shutdown(1000);
await Deno.stdout.write(new TextEncoder().encode("stopped"));
Deno.exit(0);
