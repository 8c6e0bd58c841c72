import { listen } from "../../../src/http/listening/listen.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { ManualClock } from "../../support/manual_clock.ts";

// Prints where a server that asked for loopback really listens, for tests that set what the platform sets.
const { shutdown, ...address } = await listen({
  hostname: "127.0.0.1",
  port: 0,
  handler: () => Promise.resolve(new Response()),
  clock: new ManualClock(),
  log: new RecordingLog(),
  newRequestId: () => "0123456789ab",
});
await shutdown(1000);
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(address)));
