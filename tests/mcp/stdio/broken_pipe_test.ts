import assert from "node:assert/strict";
import { childCommand } from "../../../harness/child_command.ts";
import { hostEnvironment } from "../../clients/host_environment.ts";
import { PROGRAM_ARGS } from "../../clients/running_server.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { REAL_CLOCK } from "../../support/token_world.ts";

const PING = `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" })}\n`;
const PONG = /"id":1/;

/** A server on standard streams that may break one by one, past its first answer. */
class PipedServer implements AsyncDisposable {
  readonly stdout: ReadableStreamDefaultReader<string>;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#stdin = child.stdin.getWriter();
    this.stdout = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  static async start(home: string): Promise<PipedServer> {
    const child = childCommand(Deno.execPath(), {
      args: [...PROGRAM_ARGS, "--stdio", "--sandbox", "--sandbox-port", "0", "--log-level", "debug"],
      env: await hostEnvironment(home),
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const server = new PipedServer(child);
    await server.send(PING);
    assert.match((await server.stdout.read()).value ?? "", PONG);
    return server;
  }

  get stderr(): ReadableStream<Uint8Array> {
    return this.#child.stderr;
  }

  async send(text: string): Promise<void> {
    await this.#stdin.write(new TextEncoder().encode(text));
  }

  async endInput(): Promise<void> {
    await this.#stdin.close();
  }

  /** An answer or two may still fit into the pipe before it breaks. */
  async pingToItsEnd(): Promise<number> {
    let isOver = false;
    const code = this.exitCode().finally(() => isOver = true);
    while (!isOver) {
      await this.send(PING).catch(() => {});
      await REAL_CLOCK.sleep(5);
    }
    return await code;
  }

  async exitCode(): Promise<number> {
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A test that failed left it running; what is broken already cannot be closed.
    await Promise.allSettled([this.#stdin.abort(), this.stdout.cancel(), this.#child.stderr.cancel()]);
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
  }
}

Deno.test("main.ts --stdio ends with 0 when nobody reads its answers any more", async () => {
  await using home = await TempFolder.make();
  await using server = await PipedServer.start(home.path);
  await server.stdout.cancel();
  const complaint = new Response(server.stderr).text();
  assert.equal(await server.pingToItsEnd(), 0);
  assert.doesNotMatch(await complaint, /EPIPE|panicked|Uncaught|"level":"error"/);
});

Deno.test("main.ts --stdio answers on when nobody reads its log any more", async () => {
  await using home = await TempFolder.make();
  await using server = await PipedServer.start(home.path);
  await server.stderr.cancel();
  // Logged, to nobody, before the next answer.
  await server.send("no message\n");
  await server.send(PING);
  assert.match((await server.stdout.read()).value ?? "", PONG);
  await server.endInput();
  assert.equal(await server.exitCode(), 0);
});
