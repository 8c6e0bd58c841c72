import { runCommand } from "../../../src/cli/run_command.ts";
import { realPlatform } from "../../../src/platform.ts";
import type { LoginProgress } from "../../../src/ports/logins.ts";
import { ANN, done, FakeLogins, pending, STARTED } from "./fake_logins.ts";

/** The program itself, on logins that go on a second after they were asked about, so often as the first argument says. */
if (import.meta.main) {
  const [times, ...args] = Deno.args;
  const platform = realPlatform();
  const nowMs = platform.clock.now();
  const expiresAtMs = nowMs + 600_000;
  const logins = new FakeLogins();
  const waits = (): LoginProgress => pending({ retryAfterMs: 1_000, expiresAtMs });
  logins.started = { ...STARTED, expiresAtMs };
  logins.progress = [
    ...Array.from({ length: Number(times) }, waits),
    done({ login: { ...ANN, accessTokenExpiresAtMs: nowMs + 7_200_000 } }),
  ];
  Deno.exit(await runCommand(args, platform, logins.compose));
}
