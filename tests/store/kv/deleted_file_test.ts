import assert from "node:assert/strict";
import { childCommand } from "../../../harness/child_command.ts";
import { TempFolder } from "../../support/temp_folder.ts";
import { openedStore } from "../opened_store.ts";
import { APP_NAME } from "../samples.ts";

const PROCESSES = 3;
const ROUNDS = 8;
const LAST_COUNTS = 20;

/** A process that counts up the store's one lease. */
class Counter implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;

  private constructor(path: string) {
    const program = new URL("counting_program.ts", import.meta.url).href;
    this.#child = childCommand(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-write", program, path],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#stdin = this.#child.stdin.getWriter();
  }

  static async start(path: string): Promise<Counter> {
    const counter = new Counter(path);
    assert.equal((await counter.#lines.read()).value, "ready\n");
    return counter;
  }

  /** Counts so many times, however many tries that takes. */
  async count(times: number): Promise<void> {
    await this.#stdin.write(new TextEncoder().encode(String(times)));
    assert.equal((await this.#lines.read()).value, "done\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stdin.close();
    await this.#lines.cancel();
    await this.#child.status;
  }
}

async function counted(path: string): Promise<number> {
  using store = await openedStore({ path });
  return (await store.records.read(APP_NAME)).lease.value?.lifeMs ?? 0;
}

Deno.test({
  name: "processes whose file is deleted again and again, while they write, end up on one",
  ignore: Deno.build.os === "windows",
  async fn(): Promise<void> {
    await using folder = await TempFolder.make();
    const path = `${folder.path}/tokens.kv`;
    await using counters = new AsyncDisposableStack();
    const processes: Counter[] = [];
    for (let number = 0; number < PROCESSES; number++) {
      processes.push(counters.use(await Counter.start(path)));
    }
    for (let round = 0; round < ROUNDS; round++) {
      const counting = processes.map((process) => process.count(10));
      await Deno.remove(path).catch(() => {});
      await Promise.all(counting);
    }
    const before = await counted(path);
    await Promise.all(processes.map((process) => process.count(LAST_COUNTS)));
    // A process that wrote into a file of its own would be missing here.
    assert.equal(await counted(path), before + PROCESSES * LAST_COUNTS);
  },
});
