import assert from "node:assert/strict";
import { qrCode } from "../../../src/cli/qr/qr_code.ts";
import { CommandHome } from "../token/token_platform.ts";

const LINK = "https://accounts.feishu.cn/oauth/v1/device/verify?flow_id=AbC-12_xyz&user_code=ABCD-EFGH";
const ESCAPE = "\x1b";

/** The drawing on a terminal of so many columns, as its lines without colours. */
async function drawn(columns: number | undefined, lang: string): Promise<string[] | undefined> {
  await using home = await CommandHome.make();
  const platform = {
    ...home.platform({ env: { LANG: lang } }),
    isTerminal: true,
    columns: (): number | undefined => columns,
  };
  const text = await qrCode(LINK, platform);
  return text?.trimEnd().split("\n").map((line) =>
    line.replaceAll(new RegExp(`${ESCAPE}\\[[\\d;]*m`, "g"), "")
  );
}

Deno.test("qrCode() draws two modules a character when the terminal has Unicode", async () => {
  const lines = await drawn(80, "en_US.UTF-8") ?? [];
  const [first = ""] = lines;
  assert.equal(lines.length, Math.ceil(first.length / 2));
  // The quiet zone: two characters are four modules.
  assert.deepEqual(lines.slice(0, 2).map((line) => line.trim()), ["", ""]);
  for (const line of lines) assert.match(line, /^ {4}.* {4}$/);
});

Deno.test("qrCode() draws a module in two blanks when the terminal has no Unicode", async () => {
  const lines = await drawn(200, "C") ?? [];
  for (const line of lines) assert.match(line, /^ +$/);
  assert.equal(lines[0]?.length, 2 * lines.length);
});

Deno.test("qrCode() draws nothing when the terminal is narrower than the code, or does not tell", async () => {
  const [first = ""] = await drawn(80, "en_US.UTF-8") ?? [];
  assert.ok(await drawn(first.length, "en_US.UTF-8"));
  assert.equal(await drawn(first.length - 1, "en_US.UTF-8"), undefined);
  assert.equal(await drawn(2 * first.length - 1, "C"), undefined);
  assert.equal(await drawn(undefined, "en_US.UTF-8"), undefined);
});

Deno.test("qrCode() names its colours in each line, so that no theme inverts it", async () => {
  await using home = await CommandHome.make();
  const platform = { ...home.platform({ env: { LANG: "C.UTF-8" } }), isTerminal: true, columns: () => 80 };
  const text = await qrCode(LINK, platform) ?? "";
  for (const line of text.trimEnd().split("\n")) {
    assert.ok(
      line.startsWith(`${ESCAPE}[38;5;16;48;5;231m`) && line.endsWith(`${ESCAPE}[0m`),
      JSON.stringify(line),
    );
  }
});
