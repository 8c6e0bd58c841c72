import assert from "node:assert/strict";
import { fail, ok } from "../../../src/cli/doctor/check.ts";
import type { NextCommand } from "../../../src/cli/doctor/next_command.ts";
import { DoctorReport } from "../../../src/cli/doctor/doctor_report.ts";
import type { Language } from "../../../src/errors/language.ts";
import { verbatim } from "../../../src/errors/verbatim.ts";
import { Mask } from "../../../src/log/mask.ts";
import { Secret } from "../../../src/secret.ts";

/** What comes next is another file's matter. */
const NEXT = (): NextCommand => ({ why: { en: "Next:", zh: "接下来：" }, command: "do it" });

function report(
  asJson: boolean,
  language: Language = "en",
): { readonly report: DoctorReport; readonly printed: () => string } {
  const mask = new Mask();
  mask.keep(new Secret("planted-secret-0001"));
  let text = "";
  const write = (part: string): string => text += part;
  return {
    report: new DoctorReport({ asJson, language, place: ["--kv", "/t.kv"], mask, write }),
    printed: () => text,
  };
}

Deno.test.each([[false], [true]])("DoctorReport masks a secret that reached it, as JSON: %s", (asJson) => {
  const { report: doctor, printed } = report(asJson);
  doctor.add(ok("store", verbatim("planted-secret-0001")));
  doctor.end(() => ({ why: verbatim("Next:"), command: "run planted-secret-0001" }));
  assert.doesNotMatch(printed(), /planted/);
});

Deno.test("DoctorReport keeps a check on one line whatever its text holds", () => {
  const { report: doctor, printed } = report(false);
  doctor.add(fail("store", verbatim("one\ntwo\x1b[31m")));
  assert.equal(printed(), "FAIL  store: one two [31m\n");
});

Deno.test.each([[false], [true]])(
  "DoctorReport shows the next step on the store that was checked, as JSON: %s",
  (asJson) => {
    const { report: doctor, printed } = report(asJson);
    doctor.add(fail("kept logins", verbatim("none"), verbatim("Run `feishu-token-mcp keep --install`.")));
    doctor.end(NEXT);
    assert.match(printed(), /Run `[^`]* keep --install --kv \/t\.kv`\./);
  },
);

Deno.test("DoctorReport ends with 1 when a check fails", () => {
  const { report: doctor } = report(true);
  doctor.add(fail("store", verbatim("gone")));
  assert.equal(doctor.end(NEXT), 1);
});

const BROKEN = fail("store key", { en: "gone", zh: "没有了" }, { en: "Restore it.", zh: "请恢复它。" });

Deno.test.each<[Language, string]>([
  ["en", "FAIL  store key: gone. Restore it.\n\n0 ok, 0 with warnings, 1 failed\n\nNext:\n  do it\n"],
  ["zh", "FAIL  存储密钥：没有了。请恢复它。\n\n0 项正常，0 项需留意，1 项失败\n\n接下来：\n  do it\n"],
])("DoctorReport speaks %s", (language, expected) => {
  const { report: doctor, printed } = report(false, language);
  doctor.add(BROKEN);
  doctor.end(NEXT);
  assert.equal(printed(), expected);
});

Deno.test("DoctorReport gives scripts the same names and states in Chinese", () => {
  const { report: doctor, printed } = report(true, "zh");
  doctor.add(BROKEN);
  doctor.end(NEXT);
  const { ok: isOk, checks, next_command } = JSON.parse(printed());
  assert.equal(next_command, "do it");
  assert.deepEqual([isOk, checks], [false, [
    { name: "store key", status: "fail", found: "没有了", next_step: "请恢复它。" },
  ]]);
});
