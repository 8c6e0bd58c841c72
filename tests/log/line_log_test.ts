import assert from "node:assert/strict";
import { type AnnouncingLog, createLineLog, type LogOptions } from "../../src/log/line_log.ts";
import { Mask } from "../../src/log/mask.ts";
import { LOG_LEVELS } from "../../src/ports/log.ts";
import { Secret } from "../../src/secret.ts";

const AT_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

interface Captured {
  readonly log: AnnouncingLog;
  readonly mask: Mask;
  readonly lines: string[];
}

function capture(options: Partial<Omit<LogOptions, "mask" | "write" | "clock">> = {}): Captured {
  const lines: string[] = [];
  const mask = new Mask();
  const log = createLineLog({
    level: "debug",
    format: "json",
    colour: false,
    ...options,
    clock: { now: () => AT_MS, monotonic: () => 0, sleep: () => Promise.resolve() },
    mask,
    write: (line) => lines.push(line),
  });
  return { log, mask, lines };
}

Deno.test("createLog() writes one JSON object a line when the format is json", () => {
  const { log, lines } = capture();
  log.warn("it happened", { ms: 3, ok: false, why: "a\nb", left_out: undefined, nothing: null });
  assert.equal(lines.length, 1);
  assert.match(lines.join(""), /^[^\n]*\n$/);
  assert.deepEqual(JSON.parse(lines.join("")), {
    time: "2026-01-02T03:04:05.678Z",
    level: "warn",
    event: "it happened",
    ms: 3,
    ok: false,
    why: "a\nb",
    nothing: null,
  });
});

Deno.test("createLog() writes one readable line when the format is human", () => {
  const { log, lines } = capture({ format: "human" });
  log.info("it happened", { ms: 3, why: 'a "b"\nc', empty: "", plain: "/tmp/x" });
  assert.deepEqual(lines, ['03:04:05 info  it happened ms=3 why="a \\"b\\"\\nc" empty="" plain=/tmp/x\n']);
});

Deno.test("createLog() colours the level alone when it may", () => {
  const { log, lines } = capture({ format: "human", colour: true });
  log.error("it happened");
  assert.deepEqual(lines, ["03:04:05 \x1b[31merror\x1b[0m it happened\n"]);
});

Deno.test("createLog() lets no control character of a value reach the terminal", () => {
  const { log, lines } = capture({ format: "human" });
  log.info("it happened", { why: "\x1b[2J\x07" });
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(lines.join(""), /[\x00-\x09\x0b-\x1f]/);
});

Deno.test.each(["json", "human"] as const)(
  "createLog() writes nothing that a terminal obeys or hides when the format is %s",
  (format) => {
    const { log, lines } = capture({ format });
    const unseen = "\x00\x1b\x7f\x85\x9b31m\u2028\u2029\u202e\u2066\u200b\ufeff";
    log.info(`a${unseen}b`, { why: `a${unseen}b` });
    assert.doesNotMatch(
      lines.join(""),
      // deno-lint-ignore no-control-regex
      /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/,
    );
    assert.match(lines.join(""), /a\\u0000\\u001b\\u007f\\u0085\\u009b31m\\u2028.*b.*\\u009b31m/);
    if (format === "json") assert.equal(JSON.parse(lines.join("")).why, `a${unseen}b`);
  },
);

Deno.test.each(
  [["error", 1], ["warn", 2], ["info", 3], ["debug", 4]] as const,
)("createLog() drops what is less important than %s", (level, count) => {
  const { log, lines } = capture({ level });
  for (const each of LOG_LEVELS) log[each]("it happened");
  assert.deepEqual(lines.map((line) => JSON.parse(line).level), LOG_LEVELS.slice(0, count));
});

Deno.test("debug() makes its fields only where the line is written", () => {
  const made: string[] = [];
  for (const level of ["info", "debug"] as const) {
    const { log, lines } = capture({ level });
    log.debug("it happened", () => {
      made.push(level);
      return { level_set: level };
    });
    assert.deepEqual(lines.map((line) => JSON.parse(line).level_set), level === "debug" ? ["debug"] : []);
  }
  assert.deepEqual(made, ["debug"]);
});

Deno.test("announce() writes whatever the level is", () => {
  const { log, lines } = capture({ level: "error" });
  log.announce("listening", { url: "http://127.0.0.1:1/mcp" });
  assert.equal(JSON.parse(lines.join("")).url, "http://127.0.0.1:1/mcp");
});

Deno.test("with() adds its fields to every line, and to those of its own children", () => {
  const { log, lines } = capture();
  const call = log.with({ request_id: "r1" });
  call.info("a");
  call.with({ tool: "t" }).info("b", { request_id: "r2" });
  log.info("c");
  const fields = lines.map((line) => JSON.parse(line)).map(({ request_id, tool }) => [request_id, tool]);
  assert.deepEqual(fields, [["r1", undefined], ["r2", "t"], [undefined, undefined]]);
});

Deno.test.each(["json", "human"] as const)(
  "createLog() masks a secret in the event and in every field when the format is %s",
  (format) => {
    const { log, mask, lines } = capture({ format });
    mask.add(new Secret('planted"secret\\with\nall'));
    const text = 'before planted"secret\\with\nall after';
    log.with({ a: text }).error(text, { b: text });
    assert.doesNotMatch(lines.join(""), /planted|with/);
    assert.equal(lines.join("").split("[secret]").length - 1, 3);
  },
);

Deno.test("createLog() writes JSON that can be read when a value ends in a masked header", () => {
  const { log, lines } = capture();
  log.error("it happened", { header: "Authorization: Bearer planted", next: 1 });
  const { header, next } = JSON.parse(lines.join(""));
  assert.deepEqual([header, next], ["Authorization: [secret]", 1]);
});
