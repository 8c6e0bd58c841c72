import assert from "node:assert/strict";
import { fail, ok } from "../../../src/cli/doctor/check.ts";
import { DoctorReport } from "../../../src/cli/doctor/doctor_report.ts";
import { Mask } from "../../../src/log/mask.ts";
import { Secret } from "../../../src/secret.ts";

function report(asJson: boolean): { readonly report: DoctorReport; readonly printed: () => string } {
  const mask = new Mask();
  mask.keep(new Secret("planted-secret-0001"));
  let text = "";
  return { report: new DoctorReport({ asJson, mask, write: (part) => text += part }), printed: () => text };
}

Deno.test.each([[false], [true]])("DoctorReport masks a secret that reached it, as JSON: %s", (asJson) => {
  const { report: doctor, printed } = report(asJson);
  doctor.add(ok("store", "planted-secret-0001"));
  doctor.end();
  assert.doesNotMatch(printed(), /planted/);
});

Deno.test("DoctorReport keeps a check on one line whatever its text holds", () => {
  const { report: doctor, printed } = report(false);
  doctor.add(fail("store", "one\ntwo\x1b[31m"));
  assert.equal(printed(), "FAIL  store: one two [31m\n");
});

Deno.test("DoctorReport ends with 1 when a check fails", () => {
  const { report: doctor } = report(true);
  doctor.add(fail("store", "gone"));
  assert.equal(doctor.end(), 1);
});
