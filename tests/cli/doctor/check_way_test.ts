import assert from "node:assert/strict";
import type { Check } from "../../../src/cli/doctor/check.ts";
import { checkWay } from "../../../src/cli/doctor/check_way.ts";
import type { DoctorMachine } from "../../../src/cli/doctor/doctor_machine.ts";

const URL_TEXT = "https://open.feishu.cn/";

type Door = Awaited<ReturnType<DoctorMachine["knock"]>>;

/** The two checks of the way where `values` are set, and where the proxy was looked for. */
async function way(
  values: Readonly<Record<string, string>>,
  door: Door = "open",
): Promise<{ readonly proxy: Check; readonly certificates: Check; readonly knocked: readonly string[] }> {
  const knocked: string[] = [];
  const machine: Pick<DoctorMachine, "knock"> = {
    knock(hostname, port): Promise<Door> {
      knocked.push(`${hostname} ${port}`);
      return Promise.resolve(door);
    },
  };
  const [proxy, certificates] = await checkWay({ url: URL_TEXT, env: (name) => values[name], machine });
  return { proxy, certificates, knocked };
}

Deno.test.each<[string, string]>([
  ["http://127.0.0.1:7890", "127.0.0.1 7890"],
  ["http://somebody:planted@proxy.example", "proxy.example 80"],
  ["https://proxy.example", "proxy.example 443"],
  ["socks5://proxy.example", "proxy.example 1080"],
  ["http://[::1]:7890", "::1 7890"],
])("checkWay() looks for the proxy %s at %s", async (proxy, door) => {
  assert.deepEqual((await way({ HTTPS_PROXY: proxy })).knocked, [door]);
});

Deno.test("checkWay() looks for no proxy that is not used", async () => {
  const { proxy, knocked } = await way(
    { HTTPS_PROXY: "http://127.0.0.1:7890", NO_PROXY: "feishu.cn" },
    "closed",
  );
  assert.deepEqual([proxy.status, knocked], ["ok", []]);
});

Deno.test.each<[Door, Check["status"], RegExp]>([
  ["open", "ok", /^http:\/\/127\.0\.0\.1:7890 \(HTTPS_PROXY\) for open\.feishu\.cn$/],
  ["closed", "fail", /: nothing listens there$/],
  ["unknown", "fail", /: its name has no address$/],
  ["silent", "fail", /: it does not answer$/],
])("checkWay() judges a proxy whose door is %s: %s", async (door, status, found) => {
  const { proxy } = await way({ HTTPS_PROXY: "http://127.0.0.1:7890" }, door);
  assert.equal(proxy.status, status);
  assert.match(proxy.found.en, found);
});

Deno.test("checkWay() shows nothing of a proxy that cannot be read", async () => {
  const { proxy } = await way({ HTTPS_PROXY: "http://planted secret:1" });
  assert.equal(proxy.status, "warn");
  assert.doesNotMatch(JSON.stringify(proxy), /planted/);
});

Deno.test("checkWay() fails when a file of authorities cannot be read", async () => {
  const { certificates } = await way({ DENO_CERT: "/no/such/file" });
  assert.deepEqual([certificates.status, certificates.nextStep?.en], [
    "fail",
    "Correct DENO_CERT, or unset it.",
  ]);
});

Deno.test("checkWay() names what is trusted beside Deno's own authorities", async () => {
  const values = { DENO_TLS_CA_STORE: "system", NODE_EXTRA_CA_CERTS: new URL(import.meta.url).pathname };
  const { certificates } = await way(values);
  assert.match(
    certificates.found.en,
    /^the authorities of system .* and those of NODE_EXTRA_CA_CERTS$/,
  );
});
