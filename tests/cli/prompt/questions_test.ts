import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { Questions } from "../../../src/cli/prompt/questions.ts";
import { MemoryOutput } from "../../support/memory_output.ts";

/** A terminal, and what happened on it in order. */
class FakeTerminal {
  readonly stdin = new PassThrough();
  readonly stderr = new MemoryOutput();
  readonly modes: boolean[] = [];
  readonly controller = new AbortController();
  readonly questions = new Questions({
    platform: {
      stdin: this.stdin,
      stderr: this.stderr,
      isTerminal: true,
      isStdinTerminal: () => true,
      hideInput: (isHidden) => this.modes.push(isHidden),
    },
    signal: this.controller.signal,
    onInterrupt: () => this.controller.abort(new Error("interrupted")),
  });
}

Deno.test("`Questions.ask()` takes one line for each question, also those that were typed ahead", async () => {
  const { questions, stdin, stderr } = new FakeTerminal();
  stdin.write(" first \r\nsecond\nthird");
  assert.equal(await questions.ask("1? "), "first");
  assert.equal(await questions.ask("2? "), "second");
  const third = questions.ask("3? ");
  stdin.write(" line\n");
  assert.equal(await third, "third line");
  assert.equal(stderr.text, "1? 2? 3? ");
});

Deno.test("`Questions.askHidden()` edits the line by itself, and shows nothing of it", async () => {
  const { questions, stdin, stderr, modes } = new FakeTerminal();
  stdin.write("wrong\x15secreX\x7ft\r");
  assert.equal(await questions.askHidden("Secret: "), "secret");
  assert.deepEqual(modes, [true, false]);
  assert.equal(stderr.text, "Secret: \n");
});

Deno.test("`Questions.askHidden()` takes a pasted secret with its marks and its end of line", async () => {
  const { questions, stdin } = new FakeTerminal();
  stdin.write("\x1b[200~pasted\x1b[201~\r\nnext\n");
  assert.equal(await questions.askHidden("Secret: "), "pasted");
  assert.equal(await questions.ask("And? "), "next");
});

Deno.test("`Questions.askHidden()` restores the terminal at a signal", async () => {
  const { questions, controller, modes } = new FakeTerminal();
  const asked = questions.askHidden("Secret: ");
  controller.abort(new Error("stopped"));
  await assert.rejects(asked, { message: "stopped" });
  assert.deepEqual(modes, [true, false]);
});

Deno.test("`Questions.askHidden()` takes Ctrl+C as a key where that makes no signal", async () => {
  const { questions, stdin, modes } = new FakeTerminal();
  stdin.write("half\x03");
  await assert.rejects(questions.askHidden("Secret: "), { message: "interrupted" });
  assert.deepEqual(modes, [true, false]);
});

for (const [name, end] of [["Ctrl+D", "\x04"], ["the end of the input", null]] as const) {
  Deno.test(`\`Questions.askHidden()\` restores the terminal at ${name}`, async () => {
    const { questions, stdin, modes } = new FakeTerminal();
    if (end === null) stdin.end("half");
    else stdin.write(end);
    await assert.rejects(questions.askHidden("Secret: "), { name: "UsageError" });
    assert.deepEqual(modes, [true, false]);
  });
}

Deno.test("`Questions.confirm()` takes yes in both languages, and anything else for no", async () => {
  const { questions, stdin } = new FakeTerminal();
  stdin.write("y\nYES\n是\nn\n\n");
  const answers: boolean[] = [];
  for (let index = 0; index < 5; index++) answers.push(await questions.confirm("? "));
  assert.deepEqual(answers, [true, true, true, false, false]);
});
