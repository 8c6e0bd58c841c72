import assert from "node:assert/strict";
import jsqr from "jsqr";
import { qrCode } from "../../src/cli/qr/qr_code.ts";
import { renderTerminal } from "./render_terminal.ts";

/** As long as Feishu's are. */
const LINK =
  "https://accounts.feishu.cn/oauth/v1/device/verify?flow_id=AbC-12_xyzAbC-12_xyz&user_code=ABCD-EFGH";

/** What a scanner reads from the terminal. */
async function scanned(link: string, lang: string): Promise<string | undefined> {
  const text = await qrCode(link, {
    isTerminal: true,
    os: "linux",
    env: (name) => name === "LANG" ? lang : undefined,
    columns: () => 200,
  });
  const { data, width, height } = renderTerminal(text ?? "");
  return jsqr.default(data, width, height, { inversionAttempts: "dontInvert" })?.data;
}

for (const lang of ["en_US.UTF-8", "C"]) {
  Deno.test(`qrCode() is read by a scanner as it was written when the locale is ${lang}`, async () => {
    for (const link of [LINK, "https://a.test/", `${LINK}&x=${"y".repeat(120)}`]) {
      assert.equal(await scanned(link, lang), link);
    }
  });
}
