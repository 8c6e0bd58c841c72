import assert from "node:assert/strict";
import { chinesePage, readPage } from "./pages.ts";

/** What the Dockerfile copies into the image. */
async function copied(): Promise<string[]> {
  return [...(await readPage("Dockerfile")).matchAll(/^COPY (.+) \S+$/gm)]
    .flatMap(([, paths = ""]) => paths.split(" "));
}

Deno.test(".dockerignore lets through what the Dockerfile copies, and nothing else", async () => {
  const rules = (await readPage(".dockerignore")).split("\n").filter((line) => /^[^#]/.test(line));
  assert.equal(rules[0], "*");
  assert.deepEqual(rules.slice(1).map((rule) => rule.replace(/^!/, "")).sort(), (await copied()).sort());
});

const PAGE = "docs/deploy.md";

for (const page of [PAGE, chinesePage(PAGE)]) {
  Deno.test({
    name: `the container line of ${page} fails without the key, and hands it on with it`,
    ignore: Deno.build.os === "windows",
    async fn(): Promise<void> {
      const [, line = ""] = /^(docker run (?:.*\\\n)*.*)$/m.exec(await readPage(page)) ?? [];
      const run = (env: Record<string, string>): Promise<Deno.CommandOutput> =>
        new Deno.Command("bash", { args: ["-c", `docker() { printf '%s\\n' "$@"; }; ${line}`], env })
          .output();
      const without = await run({});
      assert.notEqual(without.code, 0);
      assert.match(new TextDecoder().decode(without.stderr), /FEISHU_TOKEN_KEY: set it first/);
      const { code, stdout } = await run({ FEISHU_TOKEN_KEY: "made-up" });
      assert.equal(code, 0);
      assert.match(new TextDecoder().decode(stdout), /^FEISHU_TOKEN_KEY=made-up$/m);
    },
  });

  Deno.test(`the unit of ${page} is not started again where a start cannot succeed`, async () => {
    const unit = /^\[Unit\][^]*?^```$/m.exec(await readPage(page))?.[0] ?? "";
    assert.match(unit, /^RestartPreventExitStatus=2$/m);
    assert.match(unit.split("[Service]")[0] ?? "", /^StartLimitBurst=\d+$/m);
  });
}
