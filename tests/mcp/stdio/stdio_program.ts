import { noLoginService } from "../../../src/login/no_login_service.ts";
import { realPlatform } from "../../../src/platform.ts";
import { OutputQueue } from "../../../src/process/output_queue.ts";
import { serveStdio } from "../../../src/mcp/stdio/serve_stdio.ts";
import { TOOL_TABLE } from "../../../src/mcp/tools/tool_table.ts";
import { MemoryTokenService, TEST_CREDENTIALS } from "../memory_token_service.ts";
import { RecordingLog } from "../../support/recording_log.ts";
import { ManualClock } from "../../support/manual_clock.ts";

// A whole server on the process's own streams, for tests that start it.
const clock = new ManualClock();
await serveStdio({
  tools: TOOL_TABLE,
  tokens: new MemoryTokenService(clock.now()),
  logins: noLoginService(),
  clock,
  version: "1.2.3",
  credentials: () => TEST_CREDENTIALS,
  log: new RecordingLog(),
  newRequestId: () => "request",
  stdin: realPlatform().input,
  stdout: new OutputQueue({ write: (bytes) => Deno.stdout.write(bytes), clock }),
});
