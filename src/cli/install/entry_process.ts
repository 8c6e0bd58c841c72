import { stripVTControlCharacters } from "node:util";
import { TIME_IS_UP, within } from "../../concurrency/within.ts";
import type { Platform } from "../../platform.ts";
import { TextReading } from "../../process/text_reading.ts";
import { VERSION } from "../../version.ts";
import type { EntryCommand } from "../client_files/entry_format.ts";

/** How long a server may take to end when its input has ended. */
const END_MS = 5_000;

/** How long output is waited for then: what the server has started may hold the pipes open. */
const LAST_WORDS_MS = 1_000;

/** As much of standard error is shown: the last lines say why a program ended. */
const SAID_LINES = 5;
const SAID_CHARACTERS = 1_000;

const INITIALIZE = {
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "feishu-token-mcp install", version: VERSION },
  },
};

/** A server that is tried. */
export class EntryProcess {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #errors: TextReading;
  #rest = "";

  /** Starts it, with `env` for its whole environment. */
  constructor({ command, args }: EntryCommand, env: Readonly<Record<string, string>>) {
    this.#child = new Deno.Command(command, {
      args: [...args],
      env: { ...env },
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#errors = new TextReading(this.#child.stderr);
  }

  /** The names of its tools; `undefined` where it ends before it has told them. */
  async toolNames(): Promise<readonly string[] | undefined> {
    await this.#send(INITIALIZE);
    if (await this.#answer(1) === undefined) return undefined;
    await this.#send({ method: "notifications/initialized" });
    await this.#send({ id: 2, method: "tools/list" });
    const answer = await this.#answer(2);
    const tools = fieldOf(fieldOf(answer, "result"), "tools");
    if (answer === undefined) return undefined;
    return Array.isArray(tools) ? tools.map((tool) => String(fieldOf(tool, "name"))) : [];
  }

  /** The end of what it wrote to standard error. */
  said(): string {
    // It may be coloured, or worse.
    return stripVTControlCharacters(this.#errors.text).trim().split("\n").slice(-SAID_LINES).join("\n").slice(
      -SAID_CHARACTERS,
    );
  }

  /** Ends its input, as a client does, and kills it where that does not end it. */
  async end(clock: Platform["clock"]): Promise<void> {
    await this.#input.close().catch(() => {});
    if (await within(clock, END_MS, this.#child.status) === TIME_IS_UP) this.#child.kill("SIGKILL");
    await this.#child.status;
    await within(clock, LAST_WORDS_MS, this.#errors.ended);
    await Promise.all([this.#lines.cancel().catch(() => {}), this.#errors.cancel()]);
  }

  async #send(message: object): Promise<void> {
    const line = `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
    // A server that has ended takes no input: the end of its output tells so.
    await this.#input.write(new TextEncoder().encode(line)).catch(() => {});
  }

  /** The message with that id; `undefined` at the end of the output. */
  async #answer(id: number): Promise<unknown> {
    while (true) {
      const end = this.#rest.indexOf("\n");
      if (end < 0) {
        const next = await this.#lines.read();
        if (next.done) return undefined;
        this.#rest += next.value;
        continue;
      }
      const message = parsed(this.#rest.slice(0, end));
      this.#rest = this.#rest.slice(end + 1);
      if (fieldOf(message, "id") === id) return message;
    }
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
