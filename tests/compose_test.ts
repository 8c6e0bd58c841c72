import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { childCommand } from "../harness/child_command.ts";
import { serve } from "../src/cli/serve.ts";
import { composeLog, composeServer } from "../src/compose.ts";
import type { Platform } from "../src/platform.ts";
import { type Config, type ConfigSources, readConfig } from "../src/config.ts";
import { TokenError } from "../src/errors/token_error.ts";
import { Mask } from "../src/log/mask.ts";
import { eventually } from "./support/eventually.ts";
import { inputOf } from "./support/input_of.ts";
import { ManualClock } from "./support/manual_clock.ts";
import { MemoryOutput } from "./support/memory_output.ts";
import { REAL_CLOCK, REAL_RANDOM } from "./support/token_world.ts";

const APP_SECRET = "plantedAppSecretOfThirtyTwoChars";
const NEW_KEY = "bmV3IHBsYW50ZWQgc2VydmVyIGtleSBvZiAzMiBieXQ=";
const OLD_KEY = "b2xkIHBsYW50ZWQgc2VydmVyIGtleSBvZiAzMiBieXQ=";

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
}

/** Adds each text that is written to a list. */
class WrittenLines extends MemoryOutput {
  readonly #written: string[];

  constructor(written: string[]) {
    super();
    this.#written = written;
  }

  override write(text: string): void {
    this.#written.push(text);
  }
}

/** A platform whose standard error is `written`. */
function platform({ env = {}, isTerminal = false }: Surroundings, written: string[]): Platform {
  return {
    clock: REAL_CLOCK,
    random: REAL_RANDOM,
    fetch: () => Promise.reject(new TypeError("There is no network here")),
    openKv: (path) => Deno.openKv(path),
    os: "linux",
    env: (name) => env[name],
    input: inputOf(new PassThrough()),
    stdin: new PassThrough(),
    stdout: new MemoryOutput(),
    stderr: new WrittenLines(written),
    exit: (code) => {
      throw new Error(`The process would end with ${code}`);
    },
    isTerminal,
    isStdinTerminal: () => false,
    columns: () => undefined,
    hideInput: () => {},
    timeZone: "UTC",
    wholeEnv: () => ({}),
    self: { execPath: "/deno", mainModule: "file:///main.ts", isBinary: false, cwd: "/" },
    findTool: () => Promise.resolve(undefined),
    runTool: () => Promise.reject(new Error("No program is run here")),
    giveUpRunning: () => {},
    locale: "en-US",
    onSignal: () => () => {},
    onUncaught: () => () => {},
  };
}

function config(
  env: Readonly<Record<string, string>> = {},
  flags: ConfigSources["flags"] = {},
): Config {
  const reading = readConfig({
    flags: { kv: ":memory:", port: "0", ...flags },
    env: (name) => env[name],
    file: {},
    isTerminal: false,
  });
  assert(reading.ok);
  return reading.config;
}

function compose(given: Config, written: string[]): ReturnType<typeof composeServer> {
  return composeServer({
    platform: platform({}, written),
    config: given,
    clock: REAL_CLOCK,
    credentials: () => {
      throw new TokenError("credentials_missing");
    },
    storeFile: "unused.kv",
  });
}

Deno.test("composeServer() masks the app secret and each server key in its log", async () => {
  const written: string[] = [];
  const env = {
    FEISHU_APP_ID: "cli_a1",
    FEISHU_APP_SECRET: APP_SECRET,
    FEISHU_TOKEN_KEY: `k2:${NEW_KEY},${OLD_KEY}`,
  };
  const server = await compose(config(env), written);
  server.log.error(`told ${APP_SECRET}`, { new: NEW_KEY, old: `<${OLD_KEY}>` });
  await server.close(1000);
  assert.doesNotMatch(written.join(""), /planted|bmV3|b2xk/);
  assert.match(written.join(""), /"event":"told \[secret\]","new":"\[secret\]","old":"<\[secret\]>"/);
});

Deno.test("composeServer() has the store swept in the background, and ends that when it closes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const clock = new ManualClock();
    const written: string[] = [];
    const server = await composeServer({
      platform: platform({}, written),
      config: config({}, { kv: `${folder}/tokens.kv`, logLevel: "debug" }),
      clock,
      credentials: () => {
        throw new TokenError("credentials_missing");
      },
      storeFile: "unused.kv",
    });
    await clock.untilSleeping(1);
    clock.pass(60_000);
    await eventually(() => written.join(""), () => written.join("").includes("ended keys swept"));
    await clock.untilSleeping(1);
    await server.close(1000);
    assert.equal(clock.sleeping, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("composeServer() refuses a server key that is none, without showing it", async () => {
  const key = "plantedButFarTooShort";
  await assert.rejects(compose(config({ FEISHU_TOKEN_KEY: key }), []), (error) => {
    assert(error instanceof Error);
    assert.equal(error.name, "StartError");
    assert.match(error.message, /^FEISHU_TOKEN_KEY: key 1 is not 32 bytes/);
    assert.doesNotMatch(error.message, /planted/);
    return true;
  });
});

Deno.test("listen() of a composed server serves until it is shut down", async () => {
  const server = await compose(config(), []);
  const bound: boolean[] = [];
  const listening = await server.listen(({ isLoopback }) => bound.push(isLoopback));
  const { status } = await (await fetch(`${listening.url}/healthz`)).json();
  await listening.shutdown(1000);
  await server.close(1000);
  assert.deepEqual([status, bound], ["ok", [true]]);
  await assert.rejects(fetch(`${listening.url}/healthz`), TypeError);
});

Deno.test("listen() of a composed server leaves nothing behind when the address is refused", async () => {
  const server = await compose(config(), []);
  await assert.rejects(
    server.listen(() => {
      throw new Error("not there");
    }),
    /not there/,
  );
  await server.close(1000);
});

Deno.test("serveStdio() of a composed server ends when it is told to stop", async () => {
  const server = await compose(config(), []);
  const stop = new AbortController();
  const served = server.serveStdio(stop.signal);
  stop.abort();
  await served;
  await server.close(1000);
});

Deno.test.each<[string, Surroundings, boolean]>([
  ["in colours on a terminal", { isTerminal: true }, true],
  [
    "without colours on a terminal where NO_COLOR is set",
    { isTerminal: true, env: { NO_COLOR: "1" } },
    false,
  ],
  ["in colours where NO_COLOR is empty", { isTerminal: true, env: { NO_COLOR: "" } }, true],
  ["without colours where there is no terminal", {}, false],
])("composeLog() writes %s", (_case, surroundings, isColoured) => {
  const written: string[] = [];
  composeLog(platform(surroundings, written), { logLevel: "info", logFormat: "human" }, new Mask())
    .info("it happened");
  assert.equal(written.length, 1);
  assert.equal(written.join("").includes("\x1b["), isColoured);
});

Deno.test("serve() logs what nobody caught, without its message, and serves on", async () => {
  const written: string[] = [];
  let signal = (): void => {};
  let uncaught: ((error: unknown) => void) | undefined;
  const exitCode = serve({
    ...platform({}, written),
    onSignal(handler): () => void {
      signal = handler;
      return () => {};
    },
    onUncaught(handler): () => void {
      uncaught = handler;
      return () => uncaught = undefined;
    },
  }, config());
  await eventually(() => "a server that listens", () => /"event":"listening"/.test(written.join("")));
  uncaught?.(new SyntaxError("planted"));
  signal();
  assert.equal(await exitCode, 0);
  assert.match(
    written.join(""),
    /"level":"error","event":"error that nobody caught[^}]*"error":"SyntaxError"/,
  );
  assert.doesNotMatch(written.join(""), /planted/);
  assert.equal(uncaught, undefined);
});

Deno.test("realPlatform() hands over what nobody caught while somebody asks for it, and ends the process else", async () => {
  const { code, stdout, stderr } = await childCommand(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-env",
      "--no-check",
      `${import.meta.dirname}/uncaught_program.ts`,
    ],
  }).output();
  const decoder = new TextDecoder();
  assert.deepEqual([code, decoder.decode(stdout)], [1, "Error: rejected,Error: thrown"]);
  assert.match(decoder.decode(stderr), /not handled/);
});
